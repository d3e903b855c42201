/** What the API said when it did not do what was asked. */
export class ApiFailure extends Error {
  /** Of the answer; 0 where there was none. */
  readonly status: number
  /** Which failure it is; empty where the answer was not one of ours. */
  readonly reason: string
  readonly details: Record<string, unknown>
  constructor(status: number, { message, reason = '', details = {} }: FailureBody) {
    super(message)
    this.status = status
    this.reason = reason
    this.details = details
  }
}

interface FailureBody {
  message: string
  reason?: string
  details?: Record<string, unknown>
}

/** A part of a list, and where the next one begins. */
export interface Page<T> {
  items: T[]
  nextCursor: string | null
}

/** One request to the API; throws `ApiFailure`, whatever went wrong. */
export async function request<T>(method: string, path: string, body?: unknown): Promise<T> {
  return (await ask<T>(method, path, body)).answer
}

export async function requestPage<T>(path: string): Promise<Page<T>> {
  const { answer, headers } = await ask<T[]>('GET', path)
  return { items: answer, nextCursor: headers.get('x-next-cursor') }
}

/** What a person is told, whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof ApiFailure ? error.message : 'Something went wrong on this page.'
}

async function ask<T>(method: string, path: string, body?: unknown) {
  const json = { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
  const [response, text] = await receive(path, { method, ...(body === undefined ? {} : json) })
  if (!response.ok) throw new ApiFailure(response.status, readFailure(response.status, text))
  return { answer: JSON.parse(text) as T, headers: response.headers }
}

async function receive(path: string, init: RequestInit): Promise<[Response, string]> {
  try {
    const response = await fetch(`/api${path}`, init)
    return [response, await response.text()]
  } catch {
    // The browser keeps what was wrong to itself.
    throw new ApiFailure(0, { message: 'The instance does not answer. Is it running?' })
  }
}

function readFailure(status: number, text: string): FailureBody {
  if (status === 401)
    return { message: 'You are not signed in. Open the link that the start printed.' }
  try {
    const failure = JSON.parse(text) as Partial<FailureBody>
    if (typeof failure.message === 'string') return { ...failure, message: failure.message }
  } catch {
    // Not ours: a proxy's page, say.
  }
  return { message: `The instance answered ${status}.` }
}
