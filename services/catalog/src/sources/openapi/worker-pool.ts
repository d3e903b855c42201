import type { Transferable } from 'node:worker_threads'
import { Worker } from 'node:worker_threads'
import { ServiceError } from '@executor/contracts'

export interface WorkerPoolOptions {
  url: URL
  workersMax: number
  /** Callers that may wait for a worker; more are refused. */
  waitingMax: number
  /** How long a worker that has nothing to do is kept. */
  idleMs: number
  heapMegabytesMax: number
}

/** A worker that is ours alone until it is released. */
export interface Lease<Request, Reply> {
  /** Posts a request and waits for the one reply to it. */
  ask(request: Request, transfer?: readonly Transferable[]): Promise<Reply>
  /** Posts what is not answered. */
  tell(message: Request): void
  /** Gives the worker back; one that still works on something is ended. */
  release(): void
  /** Ends the worker, whatever it does; what is being asked is answered with `reason`. */
  destroy(reason: ServiceError): void
}

export interface WorkerPool<Request, Reply> {
  /** Starts a worker ahead of the first lease, where none is there. */
  warm(): void
  lease(signal: AbortSignal): Promise<Lease<Request, Reply>>
  close(): Promise<void>
}

/** The worker ran out of memory, or failed in a way that it does not know. */
export class WorkerFailure extends Error {
  override readonly name = 'WorkerFailure'
  readonly isOutOfMemory: boolean
  constructor(cause: unknown) {
    super('the worker failed', { cause })
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
    this.isOutOfMemory = code === 'ERR_WORKER_OUT_OF_MEMORY'
  }
}

interface Slot<Reply> {
  worker: Worker
  pending: { resolve(reply: Reply): void; reject(error: unknown): void } | null
  idle: NodeJS.Timeout | null
  isLeased: boolean
}

/** Workers that are started when they are needed and ended when they are not. */
export function createWorkerPool<Request, Reply>(
  options: WorkerPoolOptions,
): WorkerPool<Request, Reply> {
  const slots = new Set<Slot<Reply>>()
  let isClosed = false
  const waiting: { grant(slot: Slot<Reply>): void; refuse(error: ServiceError): void }[] = []

  function start(): Slot<Reply> {
    const worker = new Worker(options.url, {
      // Nothing of the process' environment or flags is a document reader's business.
      env: {},
      execArgv: [],
      resourceLimits: {
        maxOldGenerationSizeMb: options.heapMegabytesMax,
        maxYoungGenerationSizeMb: 48,
      },
    })
    const slot: Slot<Reply> = { worker, pending: null, idle: null, isLeased: false }
    worker.on('message', (reply: Reply) => {
      const { pending } = slot
      slot.pending = null
      pending?.resolve(reply)
    })
    worker.on('error', (error) => drop(slot, new WorkerFailure(error)))
    worker.on('exit', () => drop(slot, new WorkerFailure(undefined)))
    worker.unref()
    slots.add(slot)
    return slot
  }

  function drop(slot: Slot<Reply>, error: unknown): void {
    if (slot.idle) clearTimeout(slot.idle)
    slots.delete(slot)
    const { pending } = slot
    slot.pending = null
    pending?.reject(error)
    grantNext()
  }

  function rest(slot: Slot<Reply>): void {
    slot.isLeased = false
    slot.worker.unref()
    slot.idle = setTimeout(() => end(slot, closed()), options.idleMs).unref()
    grantNext()
  }

  function end(slot: Slot<Reply>, error: unknown): Promise<number> {
    drop(slot, error)
    return slot.worker.terminate()
  }

  function findFree(): Slot<Reply> | undefined {
    if (isClosed) return undefined
    const free = [...slots].find((slot) => !slot.isLeased)
    return free ?? (slots.size < options.workersMax ? start() : undefined)
  }

  function take(slot: Slot<Reply>): Slot<Reply> {
    if (slot.idle) clearTimeout(slot.idle)
    slot.idle = null
    slot.isLeased = true
    slot.worker.ref()
    return slot
  }

  function grantNext(): void {
    if (waiting.length === 0) return
    const slot = findFree()
    if (slot) waiting.shift()?.grant(take(slot))
  }

  function toLease(slot: Slot<Reply>): Lease<Request, Reply> {
    let over: Error | null = null
    return {
      ask(request, transfer = []) {
        if (over || !slots.has(slot)) return Promise.reject(over ?? new WorkerFailure(undefined))
        return new Promise((resolve, reject) => {
          slot.pending = { resolve, reject }
          slot.worker.postMessage(request, transfer)
        })
      },
      tell(message) {
        if (!over && slots.has(slot)) slot.worker.postMessage(message)
      },
      release() {
        if (over) return
        over = closed()
        if (!slots.has(slot)) return
        // An answer that is still to come would be taken for one to the next caller.
        if (slot.pending) void end(slot, over)
        else rest(slot)
      },
      destroy(reason) {
        if (over) return
        over = reason
        if (slots.has(slot)) void end(slot, reason)
      },
    }
  }

  return {
    warm() {
      if (slots.size === 0 && !isClosed) rest(start())
    },
    lease(signal) {
      if (isClosed) return Promise.reject(closed())
      if (signal.aborted) return Promise.reject(cancelled())
      const free = waiting.length === 0 ? findFree() : undefined
      if (free) return Promise.resolve(toLease(take(free)))
      if (waiting.length >= options.waitingMax) return Promise.reject(busy())
      return new Promise((resolve, reject) => {
        const onAbort = () => {
          waiting.splice(waiting.indexOf(entry), 1)
          reject(cancelled())
        }
        const entry = {
          grant(slot: Slot<Reply>) {
            signal.removeEventListener('abort', onAbort)
            resolve(toLease(slot))
          },
          refuse: reject,
        }
        signal.addEventListener('abort', onAbort, { once: true })
        waiting.push(entry)
      })
    },
    async close() {
      isClosed = true
      for (const { refuse } of waiting.splice(0)) refuse(closed())
      await Promise.all([...slots].map((slot) => end(slot, closed())))
    },
  }
}

export function cancelled(): ServiceError {
  return new ServiceError('cancelled', 'import_cancelled', 'The import was cancelled.')
}

function busy(): ServiceError {
  return new ServiceError(
    'resource_exhausted',
    'imports_busy',
    'Too many descriptions are being read at once. Try again in a moment.',
  )
}

function closed(): ServiceError {
  return new ServiceError('unavailable', 'catalog_closing', 'The catalog is shutting down.')
}
