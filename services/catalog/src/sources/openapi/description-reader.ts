import { setImmediate } from 'node:timers/promises'
import { MessageChannel, type MessagePort, receiveMessageOnPort } from 'node:worker_threads'
import { invariant, ServiceError } from '@executor/contracts'
import type {
  ImportedDefinition,
  ImportedOperation,
  ImportedSnapshot,
  PastedText,
} from '../source.ts'
import type {
  ReaderReply,
  ReaderRequest,
  SourceRequest,
  SourceSummary,
  Writing,
} from './messages.ts'
import type { DescriptionRequest, DescriptionSummary } from './reader/read-description.ts'
import { cancelled, createWorkerPool, type Lease, WorkerFailure } from './worker-pool.ts'

/** A description, read; its rows wait in the worker until it is closed. */
export interface ReadDescription<Summary extends SourceSummary = DescriptionSummary> {
  summary: Summary
  snapshot: ImportedSnapshot
  /** The characters of all its tools, told one by one; asked before the rows are taken. */
  measure(): Promise<number>
  /** Its text, of a source that is to be kept; asked before the rows are taken. */
  readText(): Promise<PastedText>
  close(): void
}

/** Fetches a file that a description refers to. */
export type FetchReference = (url: string) => Promise<string | Uint8Array>

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

export interface FailureReasons {
  parse: string
  extraction: string
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

type ReaderLease<Request extends SourceRequest, Summary extends SourceSummary> = Lease<
  ReaderRequest<Request>,
  ReaderReply<Summary>
>

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

type DescriptionReply<Summary extends SourceSummary> = ReaderReply<Summary> & {
  type: 'description'
}

interface ReadBounds {
  leftMs: number
  reasons: FailureReasons
}

async function askUntilRead<Request extends SourceRequest, Summary extends SourceSummary>(
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
const PIECE_CHARS = 2_000_000

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
/** Files of one description that are downloaded together; they may be hundreds, on one server. */
const FETCHES_AT_ONCE_MAX = 8

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

function toReadDescription<Request extends SourceRequest, Summary extends SourceSummary>(
  lease: ReaderLease<Request, Summary>,
  { summary, tools }: DescriptionReply<Summary>,
  close: () => void,
): ReadDescription<Summary> {
  const rows = once(() => takeRows(lease))
  const index = once(async () => {
    const reply = await lease.ask({ type: 'index' })
    invariant(reply.type === 'index', `a reader answered ${reply.type} to an index`)
    return reply.bytes
  })
  const begin = once(async () => {
    const taken = await rows()
    // Built while the rows are stored. Whoever asks for it hears of its failure.
    index().catch(() => undefined)
    return taken
  })
  return {
    summary,
    snapshot: {
      hash: summary.hash,
      tools,
      operations: takeBatches<ImportedOperation>(async () => (await begin()).operations),
      definitions: takeBatches<ImportedDefinition>(async () => (await begin()).definitions),
      index,
    },
    async readText() {
      const reply = await lease.ask({ type: 'pasted-text' })
      invariant(reply.type === 'pasted-text', `a reader answered ${reply.type} to a text`)
      return reply.text
    },
    async measure() {
      const reply = await lease.ask({ type: 'measure' })
      invariant(reply.type === 'measured', `a reader answered ${reply.type} to a measure`)
      return reply.chars
    },
    close,
  }
}

interface Batches {
  port: MessagePort
  count: number
}

async function takeRows<Request extends SourceRequest, Summary extends SourceSummary>(
  lease: ReaderLease<Request, Summary>,
): Promise<{ operations: Batches; definitions: Batches }> {
  const operations = new MessageChannel()
  const definitions = new MessageChannel()
  const ports = { operations: operations.port2, definitions: definitions.port2 }
  const reply = await lease.ask({ type: 'rows', ...ports }, Object.values(ports))
  invariant(reply.type === 'rows', `a reader answered ${reply.type} to a request for rows`)
  return {
    operations: { port: operations.port1, count: reply.operationBatches },
    definitions: { port: definitions.port1, count: reply.definitionBatches },
  }
}

/** Takes one batch at a time off its port: a listener would be handed all of them at once. */
async function* takeBatches<Row>(begin: () => Promise<Batches>): AsyncGenerator<Row[]> {
  const { port, count } = await begin()
  try {
    for (let taken = 0; taken < count; taken++) {
      const received = receiveMessageOnPort(port)
      invariant(received, 'a batch of rows was lost')
      yield received.message as Row[]
    }
  } finally {
    port.close()
  }
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | null = null
  return () => {
    made ??= make()
    return made
  }
}

function toServiceError(error: unknown, { parse }: FailureReasons): unknown {
  if (!(error instanceof WorkerFailure) || !error.isOutOfMemory) return error
  return new ServiceError(
    'invalid_argument',
    parse,
    'The document needs more memory than reading one may take.',
    { cause: error },
  )
}

function tooSlow(milliseconds: number, { extraction }: FailureReasons): ServiceError {
  return new ServiceError(
    'invalid_argument',
    extraction,
    `The document takes too long to read: more than ${Math.round(milliseconds / 1000)} seconds.`,
  )
}
