import type { Call } from './call.ts'
import type { Wire } from './wire.ts'

/** A request in the parts that its description decides; everything is text. */
export interface Parts {
  method: string
  path: string
  /** Raw pairs, ordered by name: OpenAPI says nothing of the order of parameters. */
  query: string[]
  /** The headers that are parameters. */
  headers: Record<string, string>
  cookie: string
  /** Without the boundary, which every client makes up. */
  contentType: string
  body: string
}

export const PART_NAMES = [
  'method',
  'path',
  'query',
  'headers',
  'cookie',
  'contentType',
  'body',
] as const
export type PartName = (typeof PART_NAMES)[number]

/** What arrived, byte for byte, taken apart. */
export function toParts({ method, target, headers, body }: Wire, call: Call): Parts {
  const question = target.indexOf('?')
  const query = question < 0 ? '' : target.slice(question + 1)
  const names = call.parameters.flatMap(({ parameter }) =>
    parameter.in === 'header' ? [parameter.name.toLowerCase()] : [],
  )
  const contentType = body.length === 0 ? '' : (headers['content-type'] ?? '')
  const boundary = /boundary=("?)([^";]+)\1/.exec(contentType)?.[2]
  return {
    method,
    path: question < 0 ? target : target.slice(0, question),
    query: sortPairs(query === '' ? [] : query.split('&')),
    headers: Object.fromEntries(
      names.flatMap((name) => (headers[name] === undefined ? [] : [[name, headers[name]]])),
    ),
    cookie: headers.cookie ?? '',
    contentType:
      boundary === undefined ? contentType : contentType.replace(/boundary=.*$/, 'boundary=…'),
    body: boundary === undefined ? body.toString('utf8') : readable(body, boundary),
  }
}

export function sortPairs(pairs: string[]): string[] {
  const nameOf = (pair: string) => pair.split('=', 1)[0] ?? ''
  return pairs.toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : nameOf(a) > nameOf(b) ? 1 : 0))
}

/** The bytes of a multipart body with one boundary for all. */
function readable(body: Buffer, boundary: string): string {
  return body.toString('latin1').replaceAll(boundary, '…').replace(/\r\n$/, '')
}
