import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import type { SandboxFiles } from './files.ts'
import type { SandboxLimits } from './limits.ts'
import { CONTROL, CONTROL_WORDS, type ThreadData, type ToThread, type Turn } from './protocol.ts'
import type { Run } from './run.ts'

/** V8's own stack under a script's: deep enough that QuickJS notices first. */
const STACK_MEBIBYTES = 32
/** JavaScript memory of a thread; scripts live in WebAssembly memory, which does not count. */
const HEAP_MEBIBYTES = 256

interface ThreadOptions {
  files: SandboxFiles
  limits: SandboxLimits
  isQuarantine: boolean
  onTurn(turn: Turn): void
  onExit(thread: Thread): void
}

/** A worker thread seen from outside, and the runs that live on it. */
export class Thread {
  readonly isQuarantine: boolean
  readonly runs = new Map<number, Run>()
  readonly #worker: Worker
  readonly #control: Int32Array
  #outbox: ToThread[] = []
  #seen = { current: 0, beat: 0, atMs: 0 }
  #idle: NodeJS.Timeout | undefined

  constructor({ files, limits, isQuarantine, onTurn, onExit }: ThreadOptions) {
    this.isQuarantine = isQuarantine
    const control = new SharedArrayBuffer(CONTROL_WORDS * Int32Array.BYTES_PER_ELEMENT)
    this.#control = new Int32Array(control)
    const data: ThreadData = { control, wasm: fileURLToPath(files.wasm), limits, isQuarantine }
    this.#worker = new Worker(files.worker, {
      name: 'sandbox',
      workerData: data,
      env: {},
      execArgv: [],
      resourceLimits: { stackSizeMb: STACK_MEBIBYTES, maxOldGenerationSizeMb: HEAP_MEBIBYTES },
    })
    this.#worker.on('message', (turns: Turn[]) => {
      for (const turn of turns) onTurn(turn)
    })
    // An error is followed by the exit, and the exit is what matters.
    this.#worker.on('error', () => undefined)
    this.#worker.on('exit', () => onExit(this))
  }

  /** The run whose script holds the thread, or 0. */
  get current(): number {
    return Atomics.load(this.#control, CONTROL.current)
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
  drop(run: number): void {
    this.runs.delete(run)
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

  /** Keeps the process alive while runs are on it, and ends when none came for a while. */
  setIdle(isIdle: boolean, idleMs: number): void {
    clearTimeout(this.#idle)
    if (!isIdle) {
      this.#worker.ref()
      return
    }
    this.#worker.unref()
    this.#idle = setTimeout(() => void this.terminate(), idleMs).unref()
  }

  async terminate(): Promise<void> {
    clearTimeout(this.#idle)
    await this.#worker.terminate()
  }
}
