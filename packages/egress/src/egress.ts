import { invariant } from '@executor/contracts'
import { Agent, type Dispatcher } from 'undici'
import type { LocalNetworkAccess } from './address.ts'
import { createConnector, type Resolve } from './connector.ts'
import { ACCEPT_ENCODING } from './content-coding.ts'
import { type Document, type DocumentOptions, fetchDocument } from './document.ts'
import { createFetch, type EgressFetch } from './fetch.ts'
import { Flight, type FlightLimits } from './flight.ts'
import {
  BODY_TIMEOUT_MS,
  CONNECT_TIMEOUT_MS,
  CONNECTIONS_PER_ORIGIN_MAX,
  HEADERS_TIMEOUT_MS,
  KEEP_ALIVE_MAX_MS,
  KEEP_ALIVE_MS,
  RESPONSE_BYTES_MAX,
  RESPONSE_HEADER_BYTES_MAX,
  TOTAL_TIMEOUT_MS,
} from './limits.ts'
import { type EgressRequest, type EgressResponse, toHop } from './request.ts'

export interface EgressOptions {
  allowLocalNetwork: LocalNetworkAccess
  /** `executor` when absent. */
  userAgent?: string
  connectTimeoutMs?: number
  connectionsPerOrigin?: number
  keepAliveMs?: number
  /** The system's resolver when absent. */
  resolve?: Resolve
}

/** The one way out: every request to an upstream goes through it. */
export interface Egress {
  /**
   * Sends a request and reads its whole answer, whatever its status. Throws `ServiceError` with a
   * reason `egress_…`; `details.sent` says whether the server may have acted on it.
   */
  request(request: EgressRequest): Promise<EgressResponse>
  /** Reads a text document: a description, metadata, a key set. Any status is an answer. */
  fetchDocument(url: string | URL, options?: DocumentOptions): Promise<Document>
  /** `fetch` for libraries that bring their own requests; bodies stream, bounds are the caller's. */
  fetch: EgressFetch
  /** For clients of undici itself. Checks addresses; redirects and caps are then theirs. */
  dispatcher: Dispatcher
  /** Fails what is under way. */
  close(): Promise<void>
}

/** Opens the connection pools behind the egress guard. */
export function createEgress(options: EgressOptions): Egress {
  const {
    allowLocalNetwork,
    userAgent = 'executor',
    connectTimeoutMs = CONNECT_TIMEOUT_MS,
    connectionsPerOrigin = CONNECTIONS_PER_ORIGIN_MAX,
    keepAliveMs = KEEP_ALIVE_MS,
    resolve,
  } = options
  const dispatcher = new Agent({
    connect: createConnector(allowLocalNetwork, connectTimeoutMs, resolve),
    connections: connectionsPerOrigin,
    keepAliveTimeout: keepAliveMs,
    keepAliveMaxTimeout: KEEP_ALIVE_MAX_MS,
    maxHeaderSize: RESPONSE_HEADER_BYTES_MAX,
    headersTimeout: HEADERS_TIMEOUT_MS,
    bodyTimeout: BODY_TIMEOUT_MS,
    allowH2: false,
  })

  const request = (input: EgressRequest): Promise<EgressResponse> =>
    new Promise((resolveResponse, reject) => {
      const hop = toHop(input, userAgent, ACCEPT_ENCODING)
      new Flight(dispatcher, input, hop, limitsOf(input), resolveResponse, reject)
    })

  return {
    request,
    fetchDocument: (url, documentOptions) => fetchDocument(request, url, documentOptions),
    fetch: createFetch(dispatcher, userAgent),
    dispatcher,
    close: () => dispatcher.destroy(),
  }
}

function limitsOf(request: EgressRequest): FlightLimits {
  const limits = {
    headersTimeoutMs: request.headersTimeoutMs ?? HEADERS_TIMEOUT_MS,
    bodyTimeoutMs: request.bodyTimeoutMs ?? BODY_TIMEOUT_MS,
    totalTimeoutMs: request.timeoutMs ?? TOTAL_TIMEOUT_MS,
    maxBytes: request.maxBytes ?? RESPONSE_BYTES_MAX,
  }
  invariant(limits.totalTimeoutMs > 0 && limits.maxBytes >= 0, 'bounds of a request are positive')
  return limits
}
