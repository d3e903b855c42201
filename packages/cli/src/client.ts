import { CommandFailure } from './failure.ts'

/** Milliseconds one request may take; a tool call includes its upstream. */
const REQUEST_TIMEOUT_MS = 200_000

export interface Target {
  origin: string
  token: string
}

export interface Reply {
  status: number
  body: unknown
}

/** A client of `/api`, as any other. */
export interface Client {
  readonly origin: string
  get(path: string): Promise<unknown>
  post(path: string, body: unknown): Promise<unknown>
  patch(path: string, body: unknown): Promise<unknown>
  /** Answers whatever came, for callers that tell statuses apart. */
  send(method: string, path: string, body?: unknown): Promise<Reply>
}

export function createClient({ origin, token }: Target, timeoutMs = REQUEST_TIMEOUT_MS): Client {
  async function send(method: string, path: string, body?: unknown): Promise<Reply> {
    const response = await fetch(`${origin}/api${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        'x-executor-client': 'cli',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(timeoutMs),
      redirect: 'error',
    }).catch((error: unknown) => {
      const isLate = error instanceof DOMException && error.name === 'TimeoutError'
      throw new CommandFailure(
        isLate
          ? `${origin} has not answered for ${timeoutMs / 1000} seconds. What it was asked for may go on: executor runs list`
          : `${origin} does not answer: ${reasonOf(error)}`,
      )
    })
    const text = await response.text()
    return { status: response.status, body: parse(text) }
  }
  async function succeed(method: string, path: string, body?: unknown): Promise<unknown> {
    const reply = await send(method, path, body)
    if (reply.status < 300) return reply.body
    throw new CommandFailure(messageOf(reply))
  }
  return {
    origin,
    send,
    get: (path) => succeed('GET', path),
    post: (path, body) => succeed('POST', path, body),
    patch: (path, body) => succeed('PATCH', path, body),
  }
}

/** The message of an error body, or the next best thing. */
export function messageOf({ status, body }: Reply): string {
  if (status === 401)
    return 'The instance refused the token. Set EXECUTOR_AUTH_TOKEN, or start it again.'
  if (typeof body === 'object' && body !== null && 'message' in body) return String(body.message)
  return `The instance answered ${status}${typeof body === 'string' && body ? `: ${body.slice(0, 500)}` : ''}.`
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Not every answer is JSON: a proxy's error page, say.
    return text
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? error.cause.message : error.message
}
