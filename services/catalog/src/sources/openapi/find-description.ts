import { ServiceError } from '@executor/contracts'
import type { DetectContext } from '../source.ts'
import type { ReadDescription } from './description-rows.ts'
import { listMentioned, listScripts, listUsual, PAGE_CHARS_MAX } from './document-candidates.ts'
import { createDocumentSource, type OpenedDocument } from './document-source.ts'

/** A description that an address leads to. */
export interface FoundDescription<Found> {
  found: Found
  /** Where it is, which may not be the address that was given. */
  endpoint: string
  confidence: 'high' | 'medium'
}

/** Reads what was opened; throws `ServiceError` where it is no description. */
type Read<Found> = (document: OpenedDocument, context: DetectContext) => Promise<Found>

/**
 * The description at an address, or the one that the page there shows, or the one in a place where
 * such pages or servers usually have it. Null when there is none.
 */
export async function findDescription<Found extends Pick<ReadDescription, 'close'>>(
  url: string,
  context: DetectContext,
  read: Read<Found>,
): Promise<FoundDescription<Found> | null> {
  const { signal } = context
  const documents = createDocumentSource(context.fetch)
  const open = (address: string) => documents.open({ kind: 'url', url: address }, { signal })
  const readAt = (address: string) =>
    orNull(open(address).then((document) => read(document, context)))

  const first = await orNull(open(url))
  const base = first?.url ?? url
  const start = first ? startOf(first) : ''
  const found = first && (await orNull(read(first, context)))
  if (found) return { found, endpoint: url, confidence: 'high' }
  const isPage = /^\s*</.test(start)
  // An answer that is neither a page nor an error is something else, and to be left alone.
  if (first && !isPage && URL.parse(base)?.pathname !== '/') return null
  const scripts = isPage ? await readScripts(listScripts(start, base), open) : []
  const mentioned = [start, ...scripts].flatMap((text) => listMentioned(isPage ? text : '', base))
  const candidates = [...new Set([...mentioned, ...listUsual(base)])]
  return tryInTurn(candidates.filter((address) => address !== url).slice(0, CANDIDATES_MAX), readAt)
}
const CANDIDATES_MAX = 8

/** At once, a few at a time; of those that are descriptions the first in order. */
async function tryInTurn<Found extends Pick<ReadDescription, 'close'>>(
  candidates: readonly string[],
  readAt: (address: string) => Promise<Found | null>,
): Promise<FoundDescription<Found> | null> {
  for (let at = 0; at < candidates.length; at += AT_ONCE) {
    const addresses = candidates.slice(at, at + AT_ONCE)
    const read = await Promise.all(addresses.map(readAt))
    const index = read.findIndex((found) => found !== null)
    const found = read[index]
    for (const other of read) if (other !== found) other?.close()
    if (found) return { found, endpoint: addresses[index] ?? '', confidence: 'medium' }
  }
  return null
}
/** A description holds a worker until it is closed, and there are two. */
const AT_ONCE = 2

/** Pages that Swagger UI comes with say in a script of their own which description they show. */
async function readScripts(
  addresses: readonly string[],
  open: (address: string) => Promise<OpenedDocument>,
): Promise<string[]> {
  const opened = await Promise.all(addresses.map((address) => orNull(open(address))))
  return opened.flatMap((document) => (document ? [startOf(document)] : []))
}

/** The start of a document; reading it takes its bytes away. */
function startOf({ source }: OpenedDocument): string {
  const start = source.slice(0, PAGE_CHARS_MAX)
  return typeof start === 'string' ? start : new TextDecoder().decode(start)
}

/** What cannot be had or read as a description is none. */
async function orNull<T>(reading: Promise<T>): Promise<T | null> {
  try {
    return await reading
  } catch (error) {
    if (error instanceof ServiceError) return null
    throw error
  }
}
