import type { ServiceError } from '@executor/contracts'
import {
  context,
  propagation,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api'
import type { Dispatcher } from 'undici'
import { decodeContent } from './content-coding.ts'
import {
  type BodyBounds,
  Exchange,
  type ExchangeFailure,
  type ExchangeObserver,
  type RawResponse,
  type ResponseHead,
} from './exchange.ts'
import { afterRedirect, egressError, toEgressError } from './failure.ts'
import { joinChunks } from './join-chunks.ts'
import { REDIRECT_BODY_BYTES_MAX, REDIRECTS_MAX } from './limits.ts'
import { followRedirect, type Hop, isRedirect } from './redirect.ts'
import { type EgressRequest, type EgressResponse, toCredentialNames } from './request.ts'

export interface FlightLimits {
  headersTimeoutMs: number
  bodyTimeoutMs: number
  totalTimeoutMs: number
  maxBytes: number
}

const tracer = trace.getTracer('executor.egress')
const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'QUERY'])

/** One request from its first byte to its answer: its redirects, its second attempt, its bounds. */
export class Flight implements ExchangeObserver {
  readonly #dispatcher: Dispatcher
  readonly #request: EgressRequest
  readonly #limits: FlightLimits
  readonly #resolve: (response: EgressResponse) => void
  readonly #reject: (error: ServiceError) => void
  readonly #timer: NodeJS.Timeout
  readonly #span: Span
  #hop: Hop
  #exchange: Exchange | undefined
  #bounds: BodyBounds | undefined
  #redirects = 0
  #retried = false
  #landed = false

  constructor(
    dispatcher: Dispatcher,
    request: EgressRequest,
    hop: Hop,
    limits: FlightLimits,
    resolve: (response: EgressResponse) => void,
    reject: (error: ServiceError) => void,
  ) {
    this.#dispatcher = dispatcher
    this.#request = request
    this.#limits = limits
    this.#resolve = resolve
    this.#reject = reject
    this.#hop = hop
    this.#span = startSpan(hop)
    this.#timer = setTimeout(this.#onTimeout, limits.totalTimeoutMs)
    request.signal?.addEventListener('abort', this.#onAbort, { once: true })
    if (request.signal?.aborted) this.#onAbort()
    else this.#send()
  }

  bounds(head: ResponseHead): BodyBounds {
    if (this.#isFollowed(head))
      return {
        maxBytes: REDIRECT_BODY_BYTES_MAX,
        timeoutMs: this.#limits.bodyTimeoutMs,
        onBound: 'truncate',
      }
    const { maxBytes, bodyTimeoutMs } = this.#limits
    const tighter = this.#request.bounds?.(head)
    this.#bounds = { maxBytes, timeoutMs: bodyTimeoutMs, onBound: 'fail', ...tighter }
    return this.#bounds
  }

  onResponse(raw: RawResponse): void {
    if (this.#isFollowed(raw)) {
      this.#follow(raw)
      return
    }
    const body = joinChunks(raw.chunks, raw.size)
    if (body instanceof Promise)
      body.then((joined) => this.#take(raw, joined)).catch((error) => this.#refuse(error))
    else this.#take(raw, body)
  }

  #take(raw: RawResponse, body: Buffer): void {
    const encoding = raw.headers['content-encoding']
    if (encoding === undefined || body.length === 0) this.#land(raw, body)
    else this.#decode(raw, body, encoding)
  }

  onFailure({ error, connectionLost }: ExchangeFailure): void {
    if (connectionLost && !this.#retried && this.#isRepeatable()) {
      this.#retried = true
      this.#send()
      return
    }
    this.#fail(error)
  }

  #send(): void {
    const { target, method, headers, body } = this.#hop
    const exchange = new Exchange(target.host, method, this)
    this.#exchange = exchange
    propagation.inject(trace.setSpan(context.active(), this.#span), headers)
    try {
      this.#dispatcher.dispatch(
        {
          origin: target.origin,
          path: target.path,
          method,
          headers,
          body: body ?? null,
          headersTimeout: this.#limits.headersTimeoutMs,
          // The bound on the whole body is ours; the parser's own would only see a standstill.
          bodyTimeout: 0,
        },
        exchange,
      )
    } catch (error) {
      this.#fail(toEgressError(error, { host: target.host, sent: false }))
    }
  }

  #follow(raw: RawResponse): void {
    const { host } = this.#hop.target
    try {
      if (++this.#redirects > REDIRECTS_MAX)
        throw egressError(
          'egress_redirects',
          `${host} redirects more than ${REDIRECTS_MAX} times; use the final URL.`,
          { host, sent: true },
        )
      const names = toCredentialNames(this.#request.credentials)
      this.#hop = followRedirect(this.#hop, raw.status, locationOf(raw), names)
    } catch (error) {
      this.#fail(toEgressError(error, { host, sent: true, answered: true }))
      return
    }
    this.#retried = false
    this.#send()
  }

  #decode(raw: RawResponse, body: Buffer, encoding: string): void {
    const { host } = this.#hop.target
    const bounds = this.#bounds
    const keepsStart = bounds?.onBound === 'truncate'
    const maxBytes = (keepsStart ? undefined : bounds?.maxBytes) ?? this.#limits.maxBytes
    const truncated = raw.truncated !== false
    decodeContent(body, encoding, { host, maxBytes, truncated }).then(
      (decoded) => {
        if (!keepsStart || decoded.length <= bounds.maxBytes) this.#land(raw, decoded)
        else this.#land({ ...raw, truncated: 'bytes' }, decoded.subarray(0, bounds.maxBytes))
      },
      (error: unknown) => this.#refuse(error),
    )
  }

  /** What was answered cannot be taken. */
  #refuse(error: unknown): void {
    const { host } = this.#hop.target
    this.#fail(toEgressError(error, { host, sent: true, answered: true }))
  }

  #land(raw: RawResponse, body: Buffer): void {
    if (this.#landed) return
    this.#finish()
    this.#span.setAttribute('http.response.status_code', raw.status)
    if (raw.status >= 500) this.#span.setStatus({ code: SpanStatusCode.ERROR })
    this.#span.end()
    const { origin, path } = this.#hop.target
    this.#resolve({
      status: raw.status,
      headers: raw.headers,
      body,
      url: origin + path,
      redirected: this.#redirects > 0,
      truncated: raw.truncated,
    })
  }

  #fail(error: ServiceError): void {
    if (this.#landed) return
    this.#finish()
    const failure = this.#redirects > 0 ? afterRedirect(error) : error
    this.#span.setAttribute('error.type', failure.reason)
    this.#span.setStatus({ code: SpanStatusCode.ERROR, message: failure.message })
    this.#span.end()
    this.#reject(failure)
  }

  #finish(): void {
    this.#landed = true
    clearTimeout(this.#timer)
    this.#request.signal?.removeEventListener('abort', this.#onAbort)
  }

  readonly #onTimeout = (): void => {
    const { host } = this.#hop.target
    this.#abort(
      egressError(
        'egress_timeout',
        `${host} did not answer in full within ${this.#limits.totalTimeoutMs} ms.`,
        this.#exchange?.progress ?? { host, sent: false },
      ),
    )
  }

  readonly #onAbort = (): void => {
    const { host } = this.#hop.target
    const message = `The request to ${host} was cancelled.`
    this.#abort(
      egressError('egress_cancelled', message, this.#exchange?.progress ?? { host, sent: false }),
    )
  }

  #abort(error: ServiceError): void {
    this.#fail(error)
    this.#exchange?.abort(error)
  }

  #isFollowed(head: ResponseHead): boolean {
    return this.#request.redirect !== 'manual' && isRedirect(head.status) && locationOf(head) !== ''
  }

  #isRepeatable(): boolean {
    return this.#request.retryable === true || SAFE_METHODS.has(this.#hop.method)
  }
}

function locationOf({ headers }: ResponseHead): string {
  const { location } = headers
  // Latin-1 on the wire, UTF-8 in the mind of whoever sent it.
  return location === undefined ? '' : Buffer.from(String(location), 'latin1').toString('utf8')
}

function startSpan({ method, target }: Hop): Span {
  const colon = target.host.lastIndexOf(':')
  return tracer.startSpan(method, {
    kind: SpanKind.CLIENT,
    attributes: {
      'http.request.method': method,
      // Not the URL: paths and queries carry names, ids and sometimes keys.
      'server.address': colon > 0 ? target.host.slice(0, colon) : target.host,
    },
  })
}
