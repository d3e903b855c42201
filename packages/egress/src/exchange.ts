import type { IncomingHttpHeaders } from 'node:http'
import type { ServiceError } from '@executor/contracts'
import type { Dispatcher } from 'undici'
import { egressError, isConnectionLoss, type Progress, toEgressError } from './failure.ts'

export type ResponseHeaders = IncomingHttpHeaders

export interface ResponseHead {
  status: number
  /** Names in lower case; a header that came several times is a list. */
  headers: ResponseHeaders
}

/** How much of a body is read, once its headers are known. */
export interface BodyBounds {
  maxBytes: number
  timeoutMs: number
  /** Where a bound is met: fail, or answer with what has come so far. */
  onBound: 'fail' | 'truncate'
}

/** A response as it came off the wire: still encoded. */
export interface RawResponse extends ResponseHead {
  chunks: Buffer[]
  size: number
  truncated: false | 'bytes' | 'time'
}

/** What went wrong, and whether the same bytes may be sent once more. */
export interface ExchangeFailure {
  error: ServiceError
  /** The connection broke before the first byte of an answer. */
  connectionLost: boolean
}

export interface ExchangeObserver {
  bounds(head: ResponseHead): BodyBounds
  onResponse(response: RawResponse): void
  onFailure(failure: ExchangeFailure): void
}

/**
 * One request on one connection, collected into memory. It is a bare dispatch handler because a
 * stream between the parser and a buffer would cost more than the guard itself.
 */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly #host: string
  readonly #method: string
  readonly #observer: ExchangeObserver
  #controller: Dispatcher.DispatchController | undefined
  #settled = false
  #sent = false
  #bounds: BodyBounds | undefined
  #timer: NodeJS.Timeout | undefined
  #head: ResponseHead | undefined
  #chunks: Buffer[] = []
  #size = 0

  constructor(host: string, method: string, observer: ExchangeObserver) {
    this.#host = host
    this.#method = method
    this.#observer = observer
  }

  /** Gives up at once, also while it waits for a connection. */
  abort(error: ServiceError): void {
    if (this.#settled) return
    this.#settle()
    this.#observer.onFailure({ error, connectionLost: false })
    this.#controller?.abort(error)
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.#settled) {
      controller.abort(egressError('egress_cancelled', 'The request was given up.', this.progress))
      return
    }
    this.#controller = controller
    this.#sent = true
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    headers: ResponseHeaders,
  ): void {
    if (this.#settled || status < 200) return
    this.#head = { status, headers }
    const bounds = this.#observer.bounds(this.#head)
    this.#bounds = bounds
    const announced = this.#hasBody(status) ? Number(headers['content-length'] ?? 0) : 0
    if (bounds.onBound === 'fail' && announced > bounds.maxBytes) {
      this.#overrun('bytes', controller)
      return
    }
    this.#timer = setTimeout(() => this.#overrun('time', controller), bounds.timeoutMs)
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    const bounds = this.#bounds
    if (this.#settled || !bounds) return
    const room = bounds.maxBytes - this.#size
    if (chunk.length > room) {
      this.#push(chunk.subarray(0, room))
      this.#overrun('bytes', controller)
      return
    }
    this.#push(chunk)
  }

  onResponseEnd(): void {
    if (!this.#settled) this.#finish(false)
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (this.#settled) return
    const connectionLost = this.#sent && !this.#head && isConnectionLoss(error)
    this.#settle()
    this.#observer.onFailure({ error: toEgressError(error, this.progress), connectionLost })
  }

  #overrun(bound: 'bytes' | 'time', controller: Dispatcher.DispatchController): void {
    if (this.#settled) return
    const error = this.#overrunError(bound)
    if (this.#bounds?.onBound === 'truncate') this.#finish(bound)
    else {
      this.#settle()
      this.#observer.onFailure({ error, connectionLost: false })
    }
    controller.abort(error)
  }

  #overrunError(bound: 'bytes' | 'time'): ServiceError {
    const { maxBytes = 0, timeoutMs = 0 } = this.#bounds ?? {}
    return bound === 'bytes'
      ? egressError(
          'egress_too_large',
          `${this.#host} answers with more than ${maxBytes} bytes; ask it for less.`,
          this.progress,
        )
      : egressError(
          'egress_timeout',
          `${this.#host} was still sending its answer after ${timeoutMs} ms.`,
          this.progress,
        )
  }

  #finish(truncated: RawResponse['truncated']): void {
    const head = this.#head
    if (!head) return
    this.#settle()
    const { status, headers } = head
    const response = { status, headers, chunks: this.#chunks, size: this.#size, truncated }
    this.#observer.onResponse(response)
  }

  #settle(): void {
    this.#settled = true
    clearTimeout(this.#timer)
  }

  /** HEAD and 304 announce the length of what they do not send. */
  #hasBody(status: number): boolean {
    return this.#method !== 'HEAD' && status !== 304
  }

  #push(chunk: Buffer): void {
    this.#chunks.push(chunk)
    this.#size += chunk.length
  }

  get progress(): Progress {
    return { host: this.#host, sent: this.#sent, answered: this.#head !== undefined }
  }
}
