import type { Documents } from './documents.ts'
import { isObject, ownValue } from './json.ts'
import { isJson } from './media-types.ts'
import type { Parameter, Response } from './parts.ts'

/** Parameters that choose a page, and those that say how much is on one, without case or separators. */
const TURNING = new Set(
  'page pagenumber pagenum pageindex offset skip startat startindex cursor pagecursor after before startingafter endingbefore pagetoken nexttoken nextpagetoken continue continuationtoken marker nextmarker skiptoken scrollid sinceid maxid'.split(
    ' ',
  ),
)
const SIZING = new Set(
  'perpage pagesize limit maxresults maxitems maxkeys top first last size count'.split(' '),
)
/** Fields of an answer that lead to what follows it. */
const LEADING = new Set(
  'next nextcursor nextpage nextpagetoken nexttoken nextlink odatanextlink nextmarker nexturl nextpageurl continuationtoken hasmore endcursor'.split(
    ' ',
  ),
)

/** How an operation's answer is read to its end; nothing where the document does not say. */
export function describePages(
  parameters: readonly Parameter[],
  responses: readonly Response[],
  documents: Documents,
): string | undefined {
  const query = parameters.filter(({ in: place }) => place === 'query').map(({ name }) => name)
  const turning = query.filter((name) => TURNING.has(plain(name)))
  const success = responses.find(({ status }) => status.startsWith('2'))
  const hasLink = success?.headers.some((name) => name.toLowerCase() === 'link') ?? false
  const leading = findLeading(success, documents)
  if (turning.length === 0 && !hasLink) return undefined
  const sizing = query.filter((name) => SIZING.has(plain(name)))
  const turn = turning.length > 0 ? ` Turn them with ${join(turning)}.` : ''
  const size = sizing.length > 0 ? ` ${join(sizing)} says how much is on one.` : ''
  const link = hasLink ? ' The Link header of an answer leads to the next.' : ''
  const field = leading.length > 0 ? ` ${join(leading)} of an answer leads to the next.` : ''
  return `Answers come in pages.${turn}${size}${link}${field}`
}

function plain(name: string): string {
  return name.replace(/[^A-Za-z0-9]+/g, '').toLowerCase()
}

function join(names: string[]): string {
  return names
    .slice(0, NAMES_MAX)
    .map((name) => `"${name}"`)
    .join(', ')
}
const NAMES_MAX = 3

function findLeading(response: Response | undefined, documents: Documents): string[] {
  const content = response?.contents.find(({ mediaType }) => isJson(mediaType))
  const root = content && documents.resolve(content.document, content.schema)
  const properties = ownValue(root?.value, 'properties')
  if (!isObject(properties)) return []
  return Object.keys(properties).filter((name) => LEADING.has(plain(name)))
}
