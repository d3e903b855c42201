import type { Run } from './run.ts'

/** Runs that wait for a thread, those that share one and those set apart, each first come first served. */
export class RunQueue {
  readonly #shared = new Set<Run>()
  readonly #apart = new Set<Run>()

  get size(): number {
    return this.#shared.size + this.#apart.size
  }

  add(run: Run): void {
    this.#of(run).add(run)
  }

  remove(run: Run): void {
    this.#of(run).delete(run)
  }

  /** Offers the waiting runs, in order, until one of each kind is not taken. */
  drain(take: (run: Run) => boolean): void {
    for (const waiting of [this.#apart, this.#shared]) {
      for (const run of waiting) {
        if (!take(run)) break
        waiting.delete(run)
      }
    }
  }

  #of(run: Run): Set<Run> {
    return run.isQuarantined ? this.#apart : this.#shared
  }
}
