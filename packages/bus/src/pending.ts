import { isServiceError, type ServiceError } from '@executor/contracts'
import { busFailure } from './failures.ts'

/** One answer that somebody waits for: until it comes, the deadline passes or the caller gives up. */
export class Pending<T> {
  readonly promise: Promise<T>
  readonly #signal: AbortSignal | undefined
  readonly #timer: NodeJS.Timeout
  readonly #onAbort: (() => void) | undefined
  #resolve: (value: T) => void = () => {}
  #reject: (reason: unknown) => void = () => {}

  /** `onGiveUp` runs when the wait ends without an answer, so that the other side can stop too. */
  constructor(wait: {
    subject: string
    timeoutMs: number
    signal: AbortSignal | undefined
    onGiveUp: (reason: ServiceError) => void
  }) {
    const { subject, timeoutMs, signal, onGiveUp } = wait
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
    const giveUp = (reason: ServiceError) => {
      this.reject(reason)
      onGiveUp(reason)
    }
    this.#timer = setTimeout(() => giveUp(busFailure.deadlineExceeded(subject)), timeoutMs)
    this.#signal = signal
    if (signal !== undefined) {
      this.#onAbort = () => giveUp(toGivenUp(subject, signal))
      signal.addEventListener('abort', this.#onAbort, { once: true })
    }
  }

  resolve(value: T): void {
    this.#settle()
    this.#resolve(value)
  }

  reject(reason: ServiceError): void {
    this.#settle()
    this.#reject(reason)
  }

  #settle(): void {
    clearTimeout(this.#timer)
    if (this.#onAbort !== undefined) this.#signal?.removeEventListener('abort', this.#onAbort)
  }
}

/** A deadline that passed further up stays a deadline; every other reason is a cancellation. */
export function toGivenUp(subject: string, signal: AbortSignal): ServiceError {
  return isServiceError(signal.reason, 'deadline_exceeded')
    ? signal.reason
    : busFailure.cancelled(subject)
}
