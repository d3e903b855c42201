import type { BodyBounds, ResponseHead, ResponseHeaders } from './exchange.ts'
import { egressError } from './failure.ts'
import type { CredentialNames, Hop } from './redirect.ts'
import { parseTarget } from './target.ts'

export interface EgressRequest {
  /** Absolute; or an origin and a path that must arrive byte for byte. */
  url: string | URL | { origin: string; path: string }
  /** `GET` when absent. */
  method?: string
  headers?: Readonly<Record<string, string>>
  body?: string | Uint8Array | undefined
  /** Headers and query parameters that hold credentials; they never follow to another origin. */
  credentials?: { headers?: readonly string[]; query?: readonly string[] }
  signal?: AbortSignal | undefined
  /** `manual` answers with the redirect itself. */
  redirect?: 'follow' | 'manual'
  /** Sending it twice is like sending it once, whatever its method. */
  retryable?: boolean
  /** The body, before and after decompression. */
  maxBytes?: number
  /** Everything, redirects included. */
  timeoutMs?: number
  headersTimeoutMs?: number
  /** From the headers to the last byte. */
  bodyTimeoutMs?: number
  /** Tighter bounds once the headers are known; how the start of an endless stream is read. */
  bounds?: (head: ResponseHead) => Partial<BodyBounds> | undefined
}

export interface EgressResponse {
  status: number
  /** Names in lower case; a header that came several times is a list. */
  headers: ResponseHeaders
  /** Decompressed. */
  body: Buffer
  /** Where the answer came from, after redirects. */
  url: string
  redirected: boolean
  /** Which bound cut the body short, where `bounds` asked for that. */
  truncated: false | 'bytes' | 'time'
}

/** Set by the connection itself; from a caller they would confuse where a message ends. */
const RESERVED_HEADERS = new Set([
  'host',
  'connection',
  'content-length',
  'expect',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9a-z-]+$/
const METHOD = /^[A-Z][A-Z-]{0,31}$/
const FORBIDDEN_IN_VALUE = /[^\t\x20-\x7e\x80-\xff]/

/** The first hop of a request, checked. */
export function toHop(request: EgressRequest, userAgent: string, acceptEncoding: string): Hop {
  const target = parseTarget(request.url)
  const headers: Record<string, string> = {}
  for (const key in request.headers) {
    const value = request.headers[key]
    if (value === undefined) continue
    const name = key.toLowerCase()
    if (RESERVED_HEADERS.has(name) || !HEADER_NAME.test(name))
      throw refuse(target.host, `the header "${key.slice(0, 80)}" cannot be set`)
    // Not the value: it may be a secret.
    if (FORBIDDEN_IN_VALUE.test(value))
      throw refuse(target.host, `the value of the header "${name}" has a forbidden character`)
    headers[name] = value
  }
  headers['user-agent'] ??= userAgent
  headers['accept-encoding'] ??= acceptEncoding
  const method = request.method ?? 'GET'
  if (!METHOD.test(method) || method === 'CONNECT')
    throw refuse(target.host, `"${method.slice(0, 40)}" is not a method that can be sent`)
  return { target, method, headers, body: request.body }
}

export function toCredentialNames(credentials: EgressRequest['credentials']): CredentialNames {
  return {
    headers: (credentials?.headers ?? []).map((name) => name.toLowerCase()),
    query: credentials?.query ?? [],
  }
}

function refuse(host: string, why: string) {
  const message = `The request to ${host} is not sent: ${why}.`
  return egressError('egress_invalid_request', message, { host, sent: false })
}
