import { invariant } from '@executor/contracts'
import { Agent, request } from 'undici'

/** Longer than any import takes. */
const ANSWER_MS_MAX = 180_000

/** A client of one origin that keeps its connections, and costs as little as it can. */
export interface Client {
  get(path: string): Promise<string>
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<string>
  close(): Promise<void>
}

/** Throws when an answer is not a success: what failed must not count as fast. */
export function createClient(origin: string, token: string): Client {
  const dispatcher = new Agent({
    allowH2: false,
    headersTimeout: ANSWER_MS_MAX,
    bodyTimeout: ANSWER_MS_MAX,
  })
  const authorization = `Bearer ${token}`
  async function send(
    path: string,
    options: { method: 'GET' | 'POST'; headers: Record<string, string>; body?: string },
  ): Promise<string> {
    const answer = await request(`${origin}${path}`, { dispatcher, ...options })
    const text = await answer.body.text()
    invariant(answer.statusCode < 300, `${path} answers ${answer.statusCode} ${text.slice(0, 500)}`)
    return text
  }
  return {
    get: (path) => send(path, { method: 'GET', headers: { authorization } }),
    post: (path, body, headers) =>
      send(path, {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      }),
    close: () => dispatcher.destroy(),
  }
}
