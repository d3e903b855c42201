import type { RequestOptions } from '@executor/bus'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type App, asCaller } from './route.ts'

/** Bytes from which a document is worth taking out: to read and quote less costs nothing. */
const LONG_BYTES_MIN = 256 * 1024
const QUOTE = 0x22
const BACKSLASH = 0x5c
const COLON = 0x3a

declare module 'fastify' {
  interface FastifyRequest {
    /** A long document that was a part of the body: its JSON string as it was sent. */
    document: Uint8Array | null
  }
  interface FastifyContextConfig {
    /** Where a pasted document is in the body: paths of fields, as in `spec.value`. */
    documentAt?: readonly string[]
  }
}

/**
 * Routes that take documents of megabytes. Reading one out of the body, quoting it for the bus and
 * reading it again would hold up everybody else, so it goes past all of them as the bytes it is; in
 * the body an empty string stands where it was.
 */
export function registerPastedDocuments(app: App, register: (scope: App) => void): void {
  app.register((scope, _options, done) => {
    scope.decorateRequest('document', null)
    scope.removeContentTypeParser('application/json')
    const parseJson = scope.getDefaultJsonParser('error', 'error')
    scope.addContentTypeParser(
      'application/json',
      { parseAs: 'buffer' },
      (request: FastifyRequest, body: Buffer, next) => {
        const { documentAt = [] } = request.routeOptions.config
        const found = body.length < LONG_BYTES_MIN ? null : findText(body, documentAt)
        if (body.length === 0) next(null, undefined)
        else if (found === null) void parseJson(request, body.toString(), next)
        else {
          request.document = body.subarray(found.start, found.end)
          const rest = [body.toString('utf8', 0, found.start), body.toString('utf8', found.end)]
          void parseJson(request, rest.join('""'), next)
        }
      },
    )
    register(scope)
    done()
  })
}

/** On whose behalf, and with which document, a request goes on over the bus. */
export function asPasting(request: FastifyRequest, reply: FastifyReply): RequestOptions {
  return { ...asCaller(request, reply), attachment: request.document ?? undefined }
}

/** Where the long JSON string at one of these paths begins and ends, quotes included. */
export function findText(
  json: Uint8Array,
  paths: readonly string[],
): { start: number; end: number } | null {
  /** The field that each open brace or bracket is in. */
  const fields: string[] = []
  let field = ''
  for (let at = 0; at < json.length; at++) {
    const byte = json[at]
    if (byte === QUOTE) {
      const end = endOfText(json, at)
      if (isField(json, end)) field = Buffer.from(json.subarray(at + 1, end - 1)).toString()
      else if (end - at >= LONG_BYTES_MIN && paths.includes([...fields, field].join('.')))
        return { start: at, end }
      at = end - 1
    } else if (byte === 0x7b || byte === 0x5b) {
      if (fields.length > 0 || field !== '') fields.push(field)
      field = ''
    } else if (byte === 0x7d || byte === 0x5d) field = fields.pop() ?? ''
  }
  return null
}

/** Just past the closing quote. */
function endOfText(json: Uint8Array, start: number): number {
  let at = start + 1
  while (at < json.length) {
    const byte = json[at]
    if (byte === QUOTE) return at + 1
    at += byte === BACKSLASH ? 2 : 1
  }
  return json.length
}

function isField(json: Uint8Array, end: number): boolean {
  let at = end
  while (at < json.length && (json[at] as number) <= 0x20) at++
  return json[at] === COLON
}
