import type { SandboxCall } from './host.ts'

/** The calls of one run that are under way, and those that wait because enough are. */
export class CallWindow {
  readonly #size: number
  readonly #send: (call: SandboxCall) => void
  readonly #underWay = new Set<number>()
  #waiting: SandboxCall[] = []

  constructor(size: number, send: (call: SandboxCall) => void) {
    this.#size = size
    this.#send = send
  }

  get isIdle(): boolean {
    return this.#underWay.size === 0
  }

  get hasWaiting(): boolean {
    return this.#waiting.length > 0
  }

  /** Indexes of calls without an answer. */
  get unsettled(): number[] {
    return [...this.#underWay, ...this.#waiting.map((call) => call.index)]
  }

  add(call: SandboxCall): void {
    if (this.#underWay.size < this.#size) this.#begin(call)
    else this.#waiting.push(call)
  }

  settle(index: number): void {
    this.#underWay.delete(index)
    const next = this.#waiting.shift()
    if (next !== undefined) this.#begin(next)
  }

  #begin(call: SandboxCall): void {
    this.#underWay.add(call.index)
    this.#send(call)
  }
}
