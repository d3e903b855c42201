import { setImmediate } from 'node:timers/promises'
import { invariant, ServiceError } from '@executor/contracts'
import type { ReaderReply, ReaderRequest, SourceRequest, SourceSummary } from './messages.ts'
import { type FailureReasons, tooSlow } from './reader-failures.ts'
import { cancelled, type Lease } from './worker-pool.ts'

/** Fetches a file that a description refers to. */
export type FetchReference = (url: string) => Promise<string | Uint8Array>

export type ReaderLease<Request extends SourceRequest, Summary extends SourceSummary> = Lease<
  ReaderRequest<Request>,
  ReaderReply<Summary>
>

export type DescriptionReply<Summary extends SourceSummary> = ReaderReply<Summary> & {
  type: 'description'
}

interface ReadBounds {
  leftMs: number
  reasons: FailureReasons
}

const PIECE_CHARS = 2_000_000
/** Files of one description that are downloaded together; they may be hundreds, on one server. */
const FETCHES_AT_ONCE_MAX = 8

/** Hands a description to a worker, and fetches what it asks for, until it is read. */
export async function askUntilRead<Request extends SourceRequest, Summary extends SourceSummary>(
  lease: ReaderLease<Request, Summary>,
  first: ReaderRequest<Request>,
  fetchReference: FetchReference,
  bounds: ReadBounds,
): Promise<DescriptionReply<Summary>> {
  let next = first
  for (;;) {
    const ready: ReaderRequest<Request> = await tellInPieces(lease, next)
    const started = performance.now()
    const reply: ReaderReply<Summary> = await askWithin(lease, ready, bounds)
    bounds.leftMs -= performance.now() - started
    if (reply.type === 'description') return reply
    if (reply.type === 'failed') {
      const { reason, message, details } = reply
      throw new ServiceError('invalid_argument', reason, message, details ? { details } : {})
    }
    invariant(reply.type === 'fetch', `a reader answered ${reply.type} to a read`)
    next = { type: 'fetched', sources: await fetchFor(lease, reply.urls, fetchReference) }
  }
}

/** Text is copied on its way to the worker: long text goes in pieces, between other requests. */
async function tellInPieces<Request extends SourceRequest, Summary extends SourceSummary>(
  lease: ReaderLease<Request, Summary>,
  request: ReaderRequest<Request>,
): Promise<ReaderRequest<Request>> {
  if (!('source' in request) || typeof request.source !== 'string') return request
  const { source } = request
  let start = 0
  for (; source.length - start > PIECE_CHARS; start += PIECE_CHARS) {
    lease.tell({ type: 'text', piece: source.slice(start, start + PIECE_CHARS) })
    await setImmediate()
  }
  return { ...request, source: source.slice(start) }
}

async function fetchFor(
  lease: ReaderLease<SourceRequest, SourceSummary>,
  urls: string[],
  fetchReference: FetchReference,
): Promise<(string | Uint8Array)[]> {
  const sources: (string | Uint8Array)[] = []
  try {
    for (let start = 0; start < urls.length; start += FETCHES_AT_ONCE_MAX) {
      const some = urls.slice(start, start + FETCHES_AT_ONCE_MAX)
      sources.push(...(await Promise.all(some.map(fetchReference))))
    }
    return sources
  } catch (error) {
    // The worker waits for documents that will not come: it is of no use to anybody else.
    lease.destroy(cancelled())
    throw error
  }
}

async function askWithin<Request extends SourceRequest, Summary extends SourceSummary>(
  lease: ReaderLease<Request, Summary>,
  request: ReaderRequest<Request>,
  { leftMs, reasons }: ReadBounds,
): Promise<ReaderReply<Summary>> {
  const giveUp = () => lease.destroy(tooSlow(leftMs, reasons))
  const timer = setTimeout(giveUp, Math.max(0, leftMs))
  try {
    return await lease.ask(request, transferable(request))
  } finally {
    clearTimeout(timer)
  }
}

/** Bytes move to the worker without being copied; text has to be. */
function transferable(request: ReaderRequest<SourceRequest>): ArrayBuffer[] {
  const sources =
    request.type === 'read' ? [request.source] : request.type === 'fetched' ? request.sources : []
  return sources.flatMap((source) => {
    if (typeof source === 'string' || !(source.buffer instanceof ArrayBuffer)) return []
    // A small Buffer shares its memory with others.
    return source.byteLength === source.buffer.byteLength ? [source.buffer] : []
  })
}
