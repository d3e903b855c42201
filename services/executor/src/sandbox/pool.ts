import { ServiceError } from '@executor/contracts'
import { type SandboxFiles, sandboxFiles } from './files.ts'
import type {
  SandboxFailure,
  SandboxHost,
  SandboxInput,
  SandboxOutcome,
  SandboxPool,
  SandboxUse,
} from './host.ts'
import {
  CODE_BYTES_MAX,
  IDLE_THREAD_MS,
  LAST_THREAD_MS,
  PREPARING_RUNS,
  QUARANTINE_RUNS_PER_THREAD,
  QUARANTINE_SILENT_MS_MAX,
  QUEUED_RUNS_MAX,
  RESTARTS_MAX,
  RUNS_PER_THREAD,
  SANDBOX_LIMITS,
  type SandboxLimits,
  SILENT_MS_MAX,
  WATCH_INTERVAL_MS,
} from './limits.ts'
import { Run } from './run.ts'
import { RunQueue } from './run-queue.ts'
import { limitFailure } from './thread/failures.ts'
import type { CellMould } from './thread/open-cells.ts'
import { Thread } from './thread.ts'

/** Another thread is worth starting when each of those there has so many runs. */
const BUSY_RUNS = 4

export interface SandboxPoolOptions {
  /** Threads for runs that share; as many again are kept for runs that compute for long. */
  threads: number
  limits?: Partial<SandboxLimits>
  files?: Partial<SandboxFiles>
  /** Milliseconds since 1970. */
  now?: () => number
  /** Milliseconds after which a thread without work ends. */
  idleMs?: number
}

/** Runs agent code. No thread is started before the first run, or the first `prepare`. */
export function createSandboxPool(options: SandboxPoolOptions): SandboxPool {
  return new Pool(options)
}

class Pool implements SandboxPool {
  readonly #options: SandboxPoolOptions
  readonly #limits: SandboxLimits
  readonly #threads = new Set<Thread>()
  readonly #runs = new Map<number, Run>()
  readonly #queue = new RunQueue()
  #mould: CellMould | null = null
  #lastId = 0
  #watch: NodeJS.Timeout | undefined
  #isClosed = false

  constructor(options: SandboxPoolOptions) {
    this.#options = options
    this.#limits = { ...SANDBOX_LIMITS, ...options.limits }
  }

  async run(input: SandboxInput, host: SandboxHost, signal?: AbortSignal): Promise<SandboxOutcome> {
    this.#admit(input)
    const run = this.#open(input, host)
    const cancel = () => run.fail(CANCELLED)
    if (signal?.aborted) cancel()
    else this.#place(run)
    signal?.addEventListener('abort', cancel, { once: true })
    try {
      return await run.outcome
    } finally {
      signal?.removeEventListener('abort', cancel)
    }
  }

  /** A thread that has run something of each kind is several times as fast as one that has not. */
  async prepare(): Promise<void> {
    for (let turn = 0; turn < PREPARING_RUNS && !this.#isClosed; turn += 1) {
      if (turn === 0 && this.#threads.size > 0) return
      await this.run({ code: SAMPLE, seed: '', startedAt: 0 }, SAMPLE_HOST)
    }
  }

  use(): SandboxUse {
    const queued = this.#queue.size
    return { threads: this.#threads.size, running: this.#runs.size - queued, queued }
  }

  async close(): Promise<void> {
    this.#isClosed = true
    for (const run of [...this.#runs.values()]) run.fail(LOST)
    await Promise.all([...this.#threads].map((thread) => thread.terminate()))
  }

  #admit({ code }: SandboxInput): void {
    if (this.#isClosed) {
      throw new ServiceError('unavailable', 'sandbox_closed', 'The sandbox is shutting down.')
    }
    if (this.#queue.size >= QUEUED_RUNS_MAX) {
      throw new ServiceError(
        'resource_exhausted',
        'sandbox_busy',
        'Too many executions wait for a sandbox. Try again in a moment.',
      )
    }
    if (Buffer.byteLength(code) > CODE_BYTES_MAX) {
      throw new ServiceError(
        'invalid_argument',
        'code_too_long',
        `The code is longer than ${CODE_BYTES_MAX} bytes. Fetch data through tools instead of pasting it.`,
      )
    }
  }

  #open(input: SandboxInput, host: SandboxHost): Run {
    this.#lastId += 1
    const run = new Run({
      id: this.#lastId,
      input,
      host,
      limits: this.#limitsFor(input),
      now: this.#options.now ?? Date.now,
      onOver: (over) => this.#release(over),
      onYield: (yielding) => this.#setApart(yielding),
    })
    this.#runs.set(run.id, run)
    this.#watch ??= setInterval(() => this.#look(), WATCH_INTERVAL_MS)
    return run
  }

  /** A run may have less memory than the pool's threads are made for, not more. */
  #limitsFor({ limits }: SandboxInput): SandboxLimits {
    const merged = { ...this.#limits, ...limits }
    return {
      ...merged,
      memoryBytes: Math.min(merged.memoryBytes, this.#limits.memoryBytes),
      stackBytes: Math.min(merged.stackBytes, this.#limits.stackBytes),
    }
  }

  #place(run: Run): void {
    if (!this.#tryPlace(run)) this.#queue.add(run)
  }

  #tryPlace(run: Run): boolean {
    const thread = this.#findThread(run.isQuarantined)
    if (thread !== undefined) run.startOn(thread)
    return thread !== undefined
  }

  #findThread(isQuarantine: boolean): Thread | undefined {
    const threads = [...this.#threads].filter(
      (thread) => thread.isQuarantine === isQuarantine && !thread.isEnding,
    )
    const least = threads.reduce<Thread | undefined>(
      (best, thread) => (best === undefined || thread.runs.size < best.runs.size ? thread : best),
      undefined,
    )
    const [busy, full] = isQuarantine
      ? [1, QUARANTINE_RUNS_PER_THREAD]
      : [BUSY_RUNS, RUNS_PER_THREAD]
    if (least !== undefined && least.runs.size < busy) return least
    if (threads.length < this.#options.threads) return this.#openThread(isQuarantine)
    return least !== undefined && least.runs.size < full ? least : undefined
  }

  #openThread(isQuarantine: boolean): Thread {
    const thread: Thread = new Thread({
      files: sandboxFiles(this.#options.files),
      limits: this.#limits,
      isQuarantine,
      mould: this.#mould,
      idleMs: this.#options.idleMs ?? (this.#threads.size > 0 ? IDLE_THREAD_MS : LAST_THREAD_MS),
      onReady: (mould) => {
        this.#mould ??= mould
      },
      onTurn: (turn) => this.#runs.get(turn.run)?.take(turn, thread),
      onExit: (ended) => this.#recover(ended),
    })
    this.#threads.add(thread)
    return thread
  }

  #release(run: Run): void {
    this.#runs.delete(run.id)
    this.#queue.remove(run)
    this.#queue.drain((waiting) => this.#tryPlace(waiting))
    if (this.#runs.size > 0) return
    clearInterval(this.#watch)
    this.#watch = undefined
  }

  /** It goes on where it keeps only its like waiting. */
  #setApart(run: Run): void {
    run.leaveThread()
    run.isQuarantined = true
    this.#restart(run)
  }

  #restart(run: Run): void {
    run.restarts += 1
    if (run.restarts > RESTARTS_MAX || !run.canRestart || this.#isClosed) run.fail(LOST)
    else this.#place(run)
  }

  /** A thread ended; whoever lived on it starts over elsewhere, and the one it died of apart. */
  #recover(thread: Thread): void {
    this.#threads.delete(thread)
    const culprit = thread.current
    for (const id of [...thread.runs]) {
      const run = this.#runs.get(id)
      if (run === undefined) continue
      const isCulprit = run.id === culprit
      run.leaveThread()
      if (thread.startError !== undefined) run.abandon(thread.startError)
      else if (isCulprit && run.isQuarantined) run.fail(CRASHED)
      else {
        run.isQuarantined ||= isCulprit
        this.#restart(run)
      }
    }
    this.#queue.drain((waiting) => this.#tryPlace(waiting))
  }

  #look(): void {
    const nowMs = performance.now()
    for (const run of [...this.#runs.values()]) run.checkWall(nowMs)
    for (const thread of this.#threads) {
      const silentMsMax = thread.isQuarantine ? QUARANTINE_SILENT_MS_MAX : SILENT_MS_MAX
      if (thread.silentMs(nowMs) >= silentMsMax) this.#breakUp(thread)
    }
  }

  /** Nothing but its end frees a thread that sits in one native operation. */
  #breakUp(thread: Thread): void {
    const stuck = this.#runs.get(thread.current)
    if (thread.isQuarantine) stuck?.fail(limitFailure('cpu_limit', this.#limits))
    void thread.terminate()
  }
}

const SAMPLE = `type Found = { id: number }
const { items } = await tools.search({ query: 'a tool' })
const all: Found[] = await Promise.all(items.map(async (one: Found) => tools.a.org.main.get(one)))
console.log(all.length)
return all.filter(({ id }) => id > 0)`
const SAMPLE_HOST: SandboxHost = {
  call: async () => ({ json: '{"items":[{"id":1},{"id":2}],"id":3}' }),
}

const CANCELLED: SandboxFailure = { kind: 'cancelled', message: 'The execution was cancelled.' }
const LOST: SandboxFailure = {
  kind: 'lost',
  message: 'The sandbox ended before the script did. Its journal can be replayed.',
}
const CRASHED: SandboxFailure = {
  kind: 'memory_limit',
  message: 'The script ended its sandbox twice. Do less at once: smaller pages, fewer fields.',
}
