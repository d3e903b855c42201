import { isServiceError, ServiceError } from '@executor/contracts'
import type { Egress } from '@executor/egress'
import type { RenderedCredential } from '../credential.ts'
import { cookieText } from '../openapi/build-request.ts'
import { boundEvents } from './bound-events.ts'
import { currentExchange, type Exchange, isNotificationText } from './exchange.ts'

/** What the SDK's transports call; they follow no redirect to another origin. */
export type GuardedFetch = (url: string | URL, init?: RequestInit) => Promise<Response>

export interface GuardedFetchOptions {
  egress: Egress
  endpoint: URL
  queryParams: Readonly<Record<string, string>>
  /** What is sent on behalf of no request in particular. */
  credential: () => RenderedCredential
}

/** Silence in the answer to a request; requests themselves are given up sooner unless progress is told. */
const ANSWER_SILENCE_MS_MAX = 5 * 60_000
/** Of an answer that says no. */
const REFUSAL_CHARS_MAX = 64_000
/** They say what a message is; a credential has no business there. */
const PROTOCOL_HEADERS = new Set([
  'accept',
  'content-type',
  'last-event-id',
  'mcp-method',
  'mcp-name',
  'mcp-protocol-version',
  'mcp-session-id',
])

/** `fetch` for one server: through the egress guard, with the credential, to its own origin alone. */
export function createGuardedFetch(options: GuardedFetchOptions): GuardedFetch {
  const { egress, endpoint } = options
  return async (input, init = {}) => {
    const url = new URL(input)
    const credential = currentExchange()?.credential ?? options.credential()
    if (url.origin !== endpoint.origin) throw elsewhere(endpoint, url)
    const isStream = isEndless(init)
    const exchange = isStream || isNotificationText(init.body) ? undefined : currentExchange()
    const response = await send(
      () =>
        egress.fetch(withQuery(url, options.queryParams, credential), {
          ...init,
          headers: withCredential(init.headers, credential),
          ...signalOf(init, exchange),
          secrets: {
            headers: [...Object.keys(credential.headers), 'cookie'],
            query: credential.query.map(([name]) => name),
          },
          ...(isStream ? { maxBytes: Number.POSITIVE_INFINITY } : {}),
          idleTimeoutMs: isStream ? 0 : ANSWER_SILENCE_MS_MAX,
        }),
      exchange,
    )
    if (response.ok) return isStream ? boundEvents(response) : response
    return exchange ? keepRefusal(response, exchange) : response
  }
}

/** What a server tells by itself comes on a stream that lasts as long as its session, in either era. */
function isEndless({ method = 'GET', headers }: RequestInit): boolean {
  return method === 'GET' || new Headers(headers).get('mcp-method') === 'subscriptions/listen'
}

async function send(
  request: () => Promise<Response>,
  exchange: Exchange | undefined,
): Promise<Response> {
  if (!exchange) return request()
  const wasSent = exchange.sent
  exchange.sent = true
  delete exchange.refusal
  try {
    return await request()
  } catch (error) {
    if (isServiceError(error)) {
      exchange.failure = error
      exchange.sent = wasSent || error.details?.sent !== false
    }
    throw error
  }
}

function signalOf(init: RequestInit, exchange: Exchange | undefined): { signal?: AbortSignal } {
  const signals = [init.signal, exchange?.controller.signal].filter((signal) => signal != null)
  return signals.length === 0 ? {} : { signal: AbortSignal.any(signals) }
}

function withQuery(
  url: URL,
  queryParams: GuardedFetchOptions['queryParams'],
  credential: RenderedCredential,
): URL {
  for (const [name, value] of [...Object.entries(queryParams), ...credential.query])
    url.searchParams.set(name, value)
  return url
}

function withCredential(given: RequestInit['headers'], credential: RenderedCredential): Headers {
  const headers = new Headers(given)
  for (const [name, value] of Object.entries(credential.headers))
    if (!PROTOCOL_HEADERS.has(name)) headers.set(name, value)
  const cookies = credential.cookies.map(([name, value]) => `${name}=${cookieText(value)}`)
  if (cookies.length > 0)
    headers.set('cookie', [headers.get('cookie') ?? [], ...cookies].flat().join('; '))
  return headers
}

/** The SDK keeps less of it than we tell. */
async function keepRefusal(response: Response, exchange: Exchange): Promise<Response> {
  const { status, statusText, headers } = response
  const text = (await response.text().catch(() => '')).slice(0, REFUSAL_CHARS_MAX)
  exchange.refusal = { status, headers, text }
  return new Response(text, { status, statusText, headers })
}

function elsewhere(endpoint: URL, url: URL): ServiceError {
  return new ServiceError(
    'failed_precondition',
    'egress_redirects',
    `${endpoint.host} leads to ${url.host}. Credentials stay with their origin: use ${url.origin} as the endpoint if it is the server you mean.`,
    { details: { host: endpoint.host, sent: false, answered: true } },
  )
}
