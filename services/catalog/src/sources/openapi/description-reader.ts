import { type ReadDescription, toReadDescription } from './description-rows.ts'
import type {
  ReaderReply,
  ReaderRequest,
  SourceRequest,
  SourceSummary,
  Writing,
} from './messages.ts'
import type { DescriptionRequest, DescriptionSummary } from './reader/read-description.ts'
import { askUntilRead, type FetchReference, type ReaderLease } from './reader-conversation.ts'
import { type FailureReasons, tooSlow, toServiceError } from './reader-failures.ts'
import { cancelled, createWorkerPool } from './worker-pool.ts'

export interface ReadOptions {
  signal: AbortSignal
  fetchReference: FetchReference
  writing?: Writing
  /** Its text will be kept. */
  keeps?: boolean
}

/** Reads descriptions in workers, so that no other request waits for it. */
export interface DescriptionReader<
  Request extends SourceRequest = DescriptionRequest,
  Summary extends SourceSummary = DescriptionSummary,
> {
  /** Starts a worker while the document is still on its way. */
  warm(): void
  read(request: Request, options: ReadOptions): Promise<ReadDescription<Summary>>
  close(): Promise<void>
}

export interface DescriptionReaderOptions {
  workerUrl: URL
  /** What failures are called: of a document that cannot be parsed, and of one that never ends. */
  reasons?: FailureReasons
  /** Milliseconds a worker may work on one description. */
  readMsMax?: number
  heapMegabytesMax?: number
}

const REASONS: FailureReasons = {
  parse: 'openapi_parse_failed',
  extraction: 'openapi_extraction_failed',
}
/** Microsoft Graph's beta takes about 4 s on a small machine. */
const READ_MS_MAX = 45_000
/** Milliseconds within which the rows must have been taken; an import is answered within 120 s. */
const HOLD_MS_MAX = 120_000
/** Never reached by what the reader lets pass: V8 ends the whole process as often as the worker. */
const HEAP_MEGABYTES_MAX = 2_048
const WORKERS_MAX = 2
const WAITING_MAX = 16
const IDLE_MS = 2_000

export function createDescriptionReader<
  Request extends SourceRequest = DescriptionRequest,
  Summary extends SourceSummary = DescriptionSummary,
>(options: DescriptionReaderOptions): DescriptionReader<Request, Summary> {
  const { workerUrl, readMsMax = READ_MS_MAX, heapMegabytesMax = HEAP_MEGABYTES_MAX } = options
  const { reasons = REASONS } = options
  const pool = createWorkerPool<ReaderRequest<Request>, ReaderReply<Summary>>({
    url: workerUrl,
    workersMax: WORKERS_MAX,
    waitingMax: WAITING_MAX,
    idleMs: IDLE_MS,
    heapMegabytesMax,
  })
  return {
    warm: () => pool.warm(),
    close: () => pool.close(),
    async read(request, { signal, fetchReference, writing = 'plain', keeps = false }) {
      const lease = await pool.lease(signal)
      const release = watch(lease, signal, reasons)
      try {
        const bounds = { leftMs: readMsMax, reasons }
        const first = { type: 'read' as const, writing, keeps, ...request }
        const reply = await askUntilRead(lease, first, fetchReference, bounds)
        return toReadDescription(lease, reply, release)
      } catch (error) {
        release()
        throw toServiceError(error, reasons)
      }
    },
  }
}

/** Ends the worker when the caller gives up or keeps it too long; returns what releases it. */
function watch(
  lease: ReaderLease<SourceRequest, SourceSummary>,
  signal: AbortSignal,
  reasons: FailureReasons,
): () => void {
  const onAbort = () => lease.destroy(cancelled())
  const giveUp = () => lease.destroy(tooSlow(HOLD_MS_MAX, reasons))
  const timer = setTimeout(giveUp, HOLD_MS_MAX).unref()
  signal.addEventListener('abort', onAbort, { once: true })
  if (signal.aborted) onAbort()
  return () => {
    clearTimeout(timer)
    signal.removeEventListener('abort', onAbort)
    lease.release()
  }
}
