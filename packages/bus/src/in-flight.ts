import { startTimer } from './timer.ts'

/** Counts what is under way, for whoever must wait until nothing is. */
export class InFlight {
  #count = 0
  #lastDeadline = 0
  #waiters: (() => void)[] = []

  get count(): number {
    return this.#count
  }

  /** `deadline` is when nobody waits for it any more, in milliseconds since 1970. */
  start(deadline: number): void {
    this.#count += 1
    if (deadline > this.#lastDeadline) this.#lastDeadline = deadline
  }

  finish(): void {
    this.#count -= 1
    if (this.#count > 0) return
    for (const tell of this.#waiters.splice(0)) tell()
  }

  /** Resolves when all is done, or when the last deadline has passed. */
  async whenIdle(): Promise<void> {
    if (this.#count === 0) return
    const idle = new Promise<void>((resolve) => this.#waiters.push(resolve))
    const { elapsed, stop } = startTimer(this.#lastDeadline - Date.now())
    await Promise.race([idle, elapsed])
    stop()
  }
}
