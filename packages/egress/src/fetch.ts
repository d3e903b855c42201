import { context, propagation } from '@opentelemetry/api'
import { type Dispatcher, fetch as undiciFetch } from 'undici'
import { egressError, toEgressError } from './failure.ts'
import { REDIRECTS_MAX, RESPONSE_BYTES_MAX } from './limits.ts'
import { type CredentialNames, followRedirect, type Hop, isRedirect } from './redirect.ts'
import { toHop } from './request.ts'

export interface EgressFetchInit extends RequestInit {
  /** Headers and query parameters that hold credentials; they never follow to another origin. */
  secrets?: { headers?: readonly string[]; query?: readonly string[] }
  /** Of the body as it is read, decompressed. `Infinity` for a stream that never ends. */
  maxBytes?: number
  /** Silence between two pieces of the body; 0 waits for ever. */
  idleTimeoutMs?: number
}

export type EgressFetch = (
  input: string | URL | Request,
  init?: EgressFetchInit,
) => Promise<Response>

const IDLE_TIMEOUT_MS = 60_000

/** `fetch` through the guard: its redirects are followed here, where their rules are. */
export function createFetch(dispatcher: Dispatcher, userAgent: string): EgressFetch {
  return async (input, init = {}) => {
    const { secrets, maxBytes = RESPONSE_BYTES_MAX, idleTimeoutMs = IDLE_TIMEOUT_MS } = init
    const redirect = init.redirect ?? (input instanceof Request ? input.redirect : 'follow')
    const credentials = {
      headers: (secrets?.headers ?? []).map((name) => name.toLowerCase()),
      query: secrets?.query ?? [],
    }
    const { first, signal } = await toFirstHop(input, init, userAgent)
    const bounded = dispatcher.compose(
      (dispatch) => (options, handler) =>
        dispatch({ ...options, bodyTimeout: idleTimeoutMs }, handler),
    )
    const send = (hop: Hop) => sendHop(bounded, hop, signal)
    const { response, hop } = await follow(first, send, redirect, credentials)
    return bound(response, hop, maxBytes)
  }
}

async function toFirstHop(
  input: string | URL | Request,
  init: RequestInit,
  userAgent: string,
): Promise<{ first: Hop; signal: AbortSignal | null }> {
  const { url, method, headers, body, signal } = await readRequest(input, init)
  propagation.inject(context.active(), headers)
  // fetch asks for the codings that it decodes itself.
  return { first: toHop({ url, method, headers, body }, userAgent, 'gzip, br'), signal }
}

/** Text to an address is what nearly every request is; making a `Request` of it would cost more than sending it. */
async function readRequest(input: string | URL | Request, init: RequestInit) {
  const { method = 'GET', body, signal = null } = init
  if (!(input instanceof Request) && (typeof body === 'string' || body == null)) {
    const headers = Object.fromEntries(new Headers(init.headers))
    if (typeof body === 'string') headers['content-type'] ??= 'text/plain;charset=UTF-8'
    const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : undefined
    return { url: String(input), method: method.toUpperCase(), headers, body: bytes, signal }
  }
  const request = new Request(input, { ...init, redirect: 'manual' })
  return {
    url: request.url,
    method: request.method,
    headers: Object.fromEntries(request.headers),
    body: request.body === null ? undefined : new Uint8Array(await request.arrayBuffer()),
    signal: request.signal,
  }
}

type Sent = Awaited<ReturnType<typeof undiciFetch>>

async function sendHop(
  dispatcher: Dispatcher,
  hop: Hop,
  signal: AbortSignal | null,
): Promise<Sent> {
  const { target, method, headers, body } = hop
  try {
    return await undiciFetch(target.origin + target.path, {
      method,
      headers,
      body: body ?? null,
      signal,
      dispatcher,
      redirect: 'manual',
    })
  } catch (error) {
    if (signal?.aborted) throw signal.reason
    // undici wraps what the network did in "fetch failed".
    const cause = error instanceof TypeError && error.cause !== undefined ? error.cause : error
    throw toEgressError(cause, { host: target.host, sent: wasConnected(cause) })
  }
}

async function follow(
  first: Hop,
  send: (hop: Hop) => Promise<Sent>,
  mode: 'follow' | 'error' | 'manual',
  credentials: CredentialNames,
): Promise<{ response: Sent; hop: Hop }> {
  let hop = first
  for (let redirects = 0; redirects <= REDIRECTS_MAX; redirects++) {
    const response = await send(hop)
    const location = response.headers.get('location')
    if (mode === 'manual' || !isRedirect(response.status) || location === null)
      return { response, hop }
    await response.body?.cancel()
    if (mode === 'error') throw tooFar(hop, 'redirects, and the request allows none')
    hop = followRedirect(hop, response.status, location, credentials)
  }
  throw tooFar(hop, `redirects more than ${REDIRECTS_MAX} times`)
}

function tooFar({ target: { host } }: Hop, what: string) {
  return egressError('egress_redirects', `${host} ${what}.`, { host, sent: true })
}

/** Libraries look for the global class, and at `url`. */
function bound(response: Sent, { target }: Hop, maxBytes: number): Response {
  const { status, statusText } = response
  const headers = new Headers([...response.headers])
  const body = response.body ? count(response.body, target.host, maxBytes) : null
  const bounded = new Response(body, { status, statusText, headers })
  Object.defineProperty(bounded, 'url', { value: target.origin + target.path })
  return bounded
}

/** A source of its own, which costs a fraction of what a `TransformStream` in between does. */
function count(
  body: NonNullable<Sent['body']>,
  host: string,
  maxBytes: number,
): ReadableStream<Uint8Array> {
  const reader = body.getReader()
  let size = 0
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await reader.read()
      if (done) return controller.close()
      const chunk = value as Uint8Array
      size += chunk.byteLength
      if (size <= maxBytes) return controller.enqueue(chunk)
      const message = `${host} answers with more than ${maxBytes} bytes; ask it for less.`
      const error = egressError('egress_too_large', message, { host, sent: true })
      controller.error(error)
      await reader.cancel(error)
    },
    cancel: (reason) => reader.cancel(reason),
  })
}

/** Failures of an established connection, as far as fetch lets us see. */
function wasConnected(cause: unknown): boolean {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  return code.startsWith('UND_ERR') ? code !== 'UND_ERR_CONNECT_TIMEOUT' : code === 'ECONNRESET'
}
