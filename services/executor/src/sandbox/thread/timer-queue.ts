interface Timer {
  id: number
  due: number
  isRepeated: boolean
}

/** A run's timers by when they are due; those due at once keep the order in which they were set. */
export class TimerQueue {
  #waiting: Timer[] = []

  get size(): number {
    return this.#waiting.length
  }

  get nextDue(): number | null {
    return this.#waiting[0]?.due ?? null
  }

  /** Something that a script which is otherwise done may be waiting for. */
  get hasOneShot(): boolean {
    return this.#waiting.some((timer) => !timer.isRepeated)
  }

  arm(timer: Timer): void {
    const at = this.#waiting.findLastIndex((other) => other.due <= timer.due)
    this.#waiting.splice(at + 1, 0, timer)
  }

  disarm(id: number): void {
    this.#waiting = this.#waiting.filter((timer) => timer.id !== id)
  }

  /** Takes the first timer due by then. */
  takeDue(by: number): Timer | undefined {
    const first = this.#waiting[0]
    return first !== undefined && first.due <= by ? this.#waiting.shift() : undefined
  }
}
