import { startTimer } from './timer.ts'

/** Counts what is under way, for whoever must wait until nothing is. */
export class InFlight {
  #count = 0
  #lastDeadline = 0
  #idle: PromiseWithResolvers<void> | undefined

  get count(): number {
    return this.#count
  }

  /** `deadline` is when nobody waits for it any more, in milliseconds since 1970. */
  start(deadline: number): void {
    this.#count += 1
    this.extend(deadline)
  }

  extend(deadline: number): void {
    if (deadline > this.#lastDeadline) this.#lastDeadline = deadline
  }

  finish(): void {
    this.#count -= 1
    if (this.#count > 0) return
    this.#idle?.resolve()
    this.#idle = undefined
  }

  /** Resolves when all is done, or when the last deadline has passed. */
  async whenIdle(): Promise<void> {
    while (this.#count > 0) {
      const leftMs = this.#lastDeadline - Date.now()
      if (leftMs <= 0) return
      this.#idle ??= Promise.withResolvers()
      const { elapsed, stop } = startTimer(leftMs)
      await Promise.race([this.#idle.promise, elapsed])
      stop()
    }
  }
}
