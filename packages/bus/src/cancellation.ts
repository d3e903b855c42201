import { busFailure } from './failures.ts'

/**
 * Whether anybody still waits for an answer. Most handlers never look, so the signal and its
 * timer exist from the first look on.
 */
export class Cancellation {
  readonly deadline: number
  readonly #subject: string
  #reason: unknown
  #controller: AbortController | undefined
  #timer: NodeJS.Timeout | undefined

  constructor(subject: string, deadline: number) {
    this.#subject = subject
    this.deadline = deadline
  }

  get isAborted(): boolean {
    return this.#reason !== undefined
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController()
      if (this.#reason === undefined) this.#abortAtDeadline()
      else this.#controller.abort(this.#reason)
    }
    return this.#controller.signal
  }

  abort(reason: unknown): void {
    if (this.#reason !== undefined) return
    this.#reason = reason
    clearTimeout(this.#timer)
    this.#controller?.abort(reason)
  }

  /** The answer is out; nothing is left to cancel. */
  release(): void {
    clearTimeout(this.#timer)
  }

  #abortAtDeadline(): void {
    const leftMs = Math.max(0, this.deadline - Date.now())
    this.#timer = setTimeout(() => this.abort(busFailure.deadlineExceeded(this.#subject)), leftMs)
    this.#timer.unref()
  }
}
