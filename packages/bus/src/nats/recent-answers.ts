/** What is kept of the answers just sent, in case one was lost on its way. */
const KEPT_BYTES_MAX = 4 * 1024 * 1024
const KEPT_MS = 30_000

/** Answers that must not be worked out twice, until it is too late to ask for them again. */
export class RecentAnswers<T extends { data: Uint8Array }> {
  readonly #kept = new Map<string, { answer: T; untilMs: number }>()
  #bytes = 0

  keep(inbox: string, answer: T): void {
    this.#kept.set(inbox, { answer, untilMs: performance.now() + KEPT_MS })
    this.#bytes += answer.data.length
    this.#evict()
  }

  find(inbox: string): T | null {
    return this.#kept.get(inbox)?.answer ?? null
  }

  #evict(): void {
    const nowMs = performance.now()
    for (const [inbox, { answer, untilMs }] of this.#kept) {
      if (untilMs > nowMs && this.#bytes <= KEPT_BYTES_MAX) break
      this.#kept.delete(inbox)
      this.#bytes -= answer.data.length
    }
  }
}
