import { DOCUMENT_BYTES_MAX, type OpenapiSpec, ServiceError } from '@executor/contracts'
import type { z } from 'zod'
import type { FetchDocument, FetchedDocument, SourceContext } from '../source.ts'
import type { Writing } from './messages.ts'
import type { FetchReference } from './reader-conversation.ts'

export type SpecInput = z.infer<typeof OpenapiSpec> | string

/** A description on its way to the reader. */
export interface OpenedDocument {
  source: string | Uint8Array
  /** Where what is relative in it starts from: its address, after redirects; null when unknown. */
  url: string | null
  /** It was handed in, not downloaded. */
  isPasted: boolean
  writing: Writing
  /** Fetches files it refers to. */
  fetchReference: FetchReference
}

const DOWNLOAD_TIMEOUT_MS = 60_000

/** Downloads descriptions, or takes them as they were pasted. */
export function createDocumentSource(fetchDocument: FetchDocument) {
  async function download(url: string, maxBytes: number, signal: AbortSignal) {
    const options = { maxBytes, timeoutMs: DOWNLOAD_TIMEOUT_MS, signal }
    const fetched = await fetchDocument(url, options)
    assertFound(url, fetched)
    return fetched
  }

  /** All files together within the bounds of one document. */
  function fetchWithin(bytes: number, signal: AbortSignal): FetchReference {
    let left = bytes
    return async (url) => {
      const { text: file } = await download(url, left, signal).catch((error) => {
        throw unreadable(url, error)
      })
      left -= assertSize(file)
      if (left < 0) throw tooLarge()
      return file
    }
  }

  return {
    async open(
      spec: SpecInput,
      { signal, document }: Pick<SourceContext, 'signal' | 'document'>,
    ): Promise<OpenedDocument> {
      const { url: address, text } = readSpec(spec)
      const main = text !== undefined ? null : await download(address, DOCUMENT_BYTES_MAX, signal)
      const isQuoted = main === null && text === '' && document !== undefined
      const source = main?.text ?? (isQuoted ? document : (text ?? ''))
      return {
        source,
        url: main?.url ?? address,
        isPasted: main === null,
        writing: isQuoted ? 'quoted' : 'plain',
        fetchReference: fetchWithin(DOCUMENT_BYTES_MAX - assertSize(source), signal),
      }
    },

    /** A pasted document as it is kept. */
    reopen(
      source: Uint8Array,
      url: string | null,
      { signal }: Pick<SourceContext, 'signal'>,
    ): OpenedDocument {
      const fetchReference = fetchWithin(DOCUMENT_BYTES_MAX - assertSize(source), signal)
      return { source, url, isPasted: true, writing: 'compressed', fetchReference }
    },
  }
}

/** A plain string is an address when it looks like one. */
function readSpec(
  spec: SpecInput,
): { url: string; text?: undefined } | { url: string | null; text: string } {
  if (typeof spec === 'object') {
    if (spec.kind === 'url') return { url: parseUrl(spec.url) }
    return { url: spec.url === undefined ? null : parseUrl(spec.url), text: spec.value }
  }
  const isAddress = spec.length <= 2048 && /^\s*https?:\/\/\S+\s*$/i.test(spec)
  return isAddress ? { url: parseUrl(spec) } : { url: null, text: spec }
}

function parseUrl(text: string): string {
  const url = URL.parse(text.trim())
  if (url && /^https?:$/.test(url.protocol)) return url.href
  throw new ServiceError(
    'invalid_argument',
    'openapi_parse_failed',
    `"${text.slice(0, 200)}" is no address of a description: it must start with https:// or http://.`,
  )
}

function assertFound(url: string, { status = 200 }: FetchedDocument): void {
  if (status >= 200 && status < 300) return
  const isTheirs = status >= 500 || status === 429
  throw new ServiceError(
    isTheirs ? 'unavailable' : 'invalid_argument',
    'openapi_parse_failed',
    `The server answered ${status} for ${url.slice(0, 300)}, so there is no description to read.`,
    { details: { status } },
  )
}

/** Text counts by its characters: to count the bytes of a long one takes longer than to send it. */
function assertSize(source: string | Uint8Array): number {
  const size = source.length
  if (size > DOCUMENT_BYTES_MAX) throw tooLarge()
  return size
}

function tooLarge(): ServiceError {
  return new ServiceError(
    'invalid_argument',
    'openapi_parse_failed',
    `The description is larger than ${DOCUMENT_BYTES_MAX / (1024 * 1024)} MB, the most that can be read.`,
  )
}

/** An outage stays an outage: a refresh must not take it for a change. */
function unreadable(url: string, error: unknown): unknown {
  if (!(error instanceof ServiceError) || error.code === 'cancelled') return error
  return new ServiceError(
    error.code,
    error.reason,
    `A file that the description refers to could not be read (${url.slice(0, 300)}): ${error.message}`,
    { cause: error },
  )
}
