import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import type { SandboxFiles } from './files.ts'
import type { SandboxLimits } from './limits.ts'
import {
  CONTROL,
  CONTROL_WORDS,
  type FromThread,
  type ThreadData,
  type ToThread,
  type Turn,
} from './protocol.ts'
import type { CellMould } from './thread/open-cells.ts'

/** V8's own stack under a script's: deep enough that QuickJS notices first. */
const STACK_MEBIBYTES = 32
/** JavaScript memory of a thread; scripts live in WebAssembly memory, which does not count. */
const HEAP_MEBIBYTES = 256

interface ThreadOptions {
  files: SandboxFiles
  limits: SandboxLimits
  isQuarantine: boolean
  mould: CellMould | null
  /** A thread without work ends after this. */
  idleMs: number
  onReady(mould: CellMould | null): void
  onTurn(turn: Turn): void
  onExit(thread: Thread): void
}

/** A worker thread seen from outside, and which runs live on it. */
export class Thread {
  readonly isQuarantine: boolean
  readonly #idleMs: number
  readonly #worker: Worker
  readonly #control: Int32Array
  readonly #runs = new Set<number>()
  #outbox: ToThread[] = []
  #seen = { current: 0, beat: 0, atMs: 0 }
  #idle: NodeJS.Timeout | undefined
  #isEnding = false
  #isReady = false
  #error: unknown

  constructor({ files, limits, isQuarantine, mould, idleMs, ...on }: ThreadOptions) {
    this.isQuarantine = isQuarantine
    this.#idleMs = idleMs
    const control = new SharedArrayBuffer(CONTROL_WORDS * Int32Array.BYTES_PER_ELEMENT)
    this.#control = new Int32Array(control)
    const wasm = fileURLToPath(files.wasm)
    const data: ThreadData = { control, wasm, limits, isQuarantine, mould }
    this.#worker = new Worker(files.worker, {
      name: 'sandbox',
      workerData: data,
      env: {},
      execArgv: [],
      resourceLimits: { stackSizeMb: STACK_MEBIBYTES, maxOldGenerationSizeMb: HEAP_MEBIBYTES },
    })
    this.#worker.on('message', (message: FromThread) => {
      if (Array.isArray(message)) for (const turn of message) on.onTurn(turn)
      else {
        this.#isReady = true
        on.onReady(message.mould)
      }
    })
    this.#worker.on('error', (error) => {
      this.#error = error
    })
    this.#worker.on('exit', () => {
      this.#isEnding = true
      clearTimeout(this.#idle)
      on.onExit(this)
    })
  }

  get runs(): ReadonlySet<number> {
    return this.#runs
  }

  get isEnding(): boolean {
    return this.#isEnding
  }

  /** Why the thread could not even start; trying again would not help. */
  get startError(): unknown {
    return this.#isReady ? undefined : this.#error
  }

  /** The run whose script holds the thread, or 0. */
  get current(): number {
    return Atomics.load(this.#control, CONTROL.current)
  }

  /** Keeps the process alive while runs are on it. */
  add(run: number): void {
    this.#runs.add(run)
    clearTimeout(this.#idle)
    this.#worker.ref()
  }

  /** The run is no longer here; the thread ends when no other comes for a while. */
  remove(run: number): void {
    this.#runs.delete(run)
    if (this.#runs.size > 0 || this.#isEnding) return
    this.#worker.unref()
    this.#idle = setTimeout(() => void this.terminate(), this.#idleMs).unref()
  }

  /** Everything posted in one turn of the event loop travels together. */
  post(message: ToThread): void {
    if (this.#outbox.push(message) > 1) return
    queueMicrotask(() => {
      const messages = this.#outbox
      this.#outbox = []
      this.#worker.postMessage(messages)
    })
  }

  /** Ends a run's script, also while it is running. */
  stop(run: number): void {
    Atomics.store(this.#control, CONTROL.stop, run)
    this.post({ type: 'drop', run })
  }

  /** For how long the thread has been in one script without a sign that it could be stopped. */
  silentMs(nowMs: number): number {
    const current = this.current
    const beat = Atomics.load(this.#control, CONTROL.beat)
    const isSame = current === this.#seen.current && beat === this.#seen.beat
    if (!isSame || current === 0) this.#seen = { current, beat, atMs: nowMs }
    return nowMs - this.#seen.atMs
  }

  async terminate(): Promise<void> {
    this.#isEnding = true
    clearTimeout(this.#idle)
    await this.#worker.terminate()
  }
}
