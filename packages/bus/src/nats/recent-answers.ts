/** What is kept of the answers just sent, in case one was lost on its way. */
const KEPT_BYTES_MAX = 4 * 1024 * 1024
const KEPT_MS = 30_000
/** What an empty answer costs. */
const ENTRY_BYTES = 512

/** Answers that must not be worked out twice, until it is too late to ask for them again. */
export class RecentAnswers<T> {
  readonly #kept = new Map<string, { answer: T; bytes: number; untilMs: number }>()
  #bytes = 0

  /** `bytes` is how long the answer is. */
  keep(inbox: string, answer: T, bytes: number): void {
    const entry = { answer, bytes: bytes + ENTRY_BYTES, untilMs: performance.now() + KEPT_MS }
    this.#kept.set(inbox, entry)
    this.#bytes += entry.bytes
    this.#evict()
  }

  find(inbox: string): T | null {
    return this.#kept.get(inbox)?.answer ?? null
  }

  #evict(): void {
    const nowMs = performance.now()
    for (const [inbox, { bytes, untilMs }] of this.#kept) {
      if (untilMs > nowMs && this.#bytes <= KEPT_BYTES_MAX) break
      this.#kept.delete(inbox)
      this.#bytes -= bytes
    }
  }
}
