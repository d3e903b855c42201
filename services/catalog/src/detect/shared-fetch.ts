import { ServiceError } from '@executor/contracts'
import type { FetchDocument, FetchedDocument } from '../sources/source.ts'

/** Downloads of one look at one address, however many kinds want the same document. */
export interface SharedFetch {
  fetch: FetchDocument
  /** What was asked for, and what came back, in the order in which it was asked for. */
  readonly tried: readonly Attempt[]
}

export interface Attempt {
  url: string
  outcome: string
}

/** A look follows a page to its description, and no further. */
const DOWNLOADS_MAX = 16

/** Every address is downloaded once; what was read is handed out anew to whoever asks again. */
export function createSharedFetch(fetchDocument: FetchDocument): SharedFetch {
  const known = new Map<string, Promise<FetchedDocument>>()
  const tried: Attempt[] = []

  async function download(...[url, options]: Parameters<FetchDocument>) {
    const attempt = { url, outcome: 'did not answer in time' }
    tried.push(attempt)
    try {
      const fetched = await fetchDocument(url, options)
      attempt.outcome = describe(fetched)
      return fetched
    } catch (error) {
      if (error instanceof ServiceError) attempt.outcome = error.message
      throw error
    }
  }

  return {
    tried,
    async fetch(url, options) {
      const before = known.get(url)
      if (!before && known.size >= DOWNLOADS_MAX) throw tooMany()
      const downloading = before ?? download(url, options)
      known.set(url, downloading)
      const { text, ...rest } = await downloading
      // Reading takes the bytes away.
      return { ...rest, text: typeof text === 'string' ? text : text.slice() }
    },
  }
}

function describe({ status = 200, contentType }: FetchedDocument): string {
  const type = contentType.split(';', 1)[0]?.trim()
  return `answered ${status}${type ? ` (${type})` : ''}`
}

function tooMany(): ServiceError {
  return new ServiceError(
    'invalid_argument',
    'detect_nothing',
    `More than ${DOWNLOADS_MAX} addresses would have to be tried.`,
  )
}
