import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { invariant } from '@executor/contracts'

export const ROOT = join(import.meta.dirname, '../..')
const START_MS_MAX = 60_000
const POLL_MS = 25
const LOG_TAIL_CHARS = 4_000

export interface ProcessPlan {
  name: string
  /** What Node runs, and with which arguments. */
  args: string[]
  env: Record<string, string>
  /** Answers 200 for as long as the process serves. */
  healthUrl: string
}

/** One process of the product, started as its users start it, that can be ended and started again. */
export class ServerProcess {
  readonly name: string
  readonly #plan: ProcessPlan
  #child: ChildProcess | null = null
  #log = ''

  constructor(plan: ProcessPlan) {
    this.name = plan.name
    this.#plan = plan
  }

  /** Everything it wrote, over all its lives. */
  get log(): string {
    return this.#log
  }

  get pid(): number {
    const pid = this.#child?.pid
    invariant(pid !== undefined, `${this.name} runs`)
    return pid
  }

  get isRunning(): boolean {
    return this.#child !== null
  }

  /** Resident memory in bytes; what is shared with others counts. */
  get memoryBytes(): number {
    const [, kilobytes] =
      /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${this.pid}/status`, 'utf8')) ?? []
    return Number(kilobytes) * 1024
  }

  /** Starts it where it does not run, and waits until it serves. */
  async start(): Promise<void> {
    this.#child ??= this.#spawn()
    const deadline = Date.now() + START_MS_MAX
    while (Date.now() < deadline) {
      invariant(this.#child, `${this.name} ended while it started:\n${this.#tail()}`)
      if (await isHealthy(this.#plan.healthUrl)) return
      await sleep(POLL_MS)
    }
    invariant(false, `${this.name} does not serve:\n${this.#tail()}`)
  }

  /** Sends a signal and waits until the process is gone. */
  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const child = this.#child
    if (!child) return
    const gone = once(child, 'exit')
    child.kill(signal)
    await gone
  }

  #spawn(): ChildProcess {
    const child = spawn(process.execPath, this.#plan.args, {
      cwd: ROOT,
      env: { PATH: process.env.PATH, ...this.#plan.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const keep = (chunk: Buffer) => {
      this.#log += chunk.toString()
    }
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    const killWithUs = () => child.kill('SIGKILL')
    process.once('exit', killWithUs)
    child.once('exit', () => {
      process.off('exit', killWithUs)
      if (this.#child === child) this.#child = null
    })
    return child
  }

  #tail(): string {
    return this.#log.slice(-LOG_TAIL_CHARS)
  }
}

async function isHealthy(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(2_000) })).ok
  } catch {
    // Not listening yet.
    return false
  }
}
