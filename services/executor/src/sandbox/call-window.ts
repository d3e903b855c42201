import type { SandboxCall } from './host.ts'

/**
 * The calls of one run that are under way, and those that wait because enough are. As many again may
 * yield their place: those that wait for a person, who takes longer than any other call should.
 */
export class CallWindow {
  readonly #size: number
  readonly #send: (call: SandboxCall) => void
  readonly #underWay = new Set<number>()
  readonly #yielded = new Set<number>()
  #waiting: SandboxCall[] = []

  constructor(size: number, send: (call: SandboxCall) => void) {
    this.#size = size
    this.#send = send
  }

  get isIdle(): boolean {
    return this.#underWay.size === 0 && this.#yielded.size === 0
  }

  get hasWaiting(): boolean {
    return this.#waiting.length > 0
  }

  /** Indexes of calls without an answer. */
  get unsettled(): number[] {
    return [...this.#underWay, ...this.#yielded, ...this.#waiting.map((call) => call.index)]
  }

  add(call: SandboxCall): void {
    if (this.#underWay.size < this.#size) this.#begin(call)
    else this.#waiting.push(call)
  }

  yieldPlace(index: number): void {
    if (this.#yielded.size >= this.#size || !this.#underWay.delete(index)) return
    this.#yielded.add(index)
    this.#beginNext()
  }

  settle(index: number): void {
    if (!this.#yielded.delete(index) && this.#underWay.delete(index)) this.#beginNext()
  }

  #beginNext(): void {
    const next = this.#waiting.shift()
    if (next !== undefined) this.#begin(next)
  }

  #begin(call: SandboxCall): void {
    this.#underWay.add(call.index)
    this.#send(call)
  }
}
