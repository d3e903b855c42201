import { Agent, request } from 'undici'
import type { Ask, Reply } from './form.ts'

/** Longer than any route takes to answer. */
const ANSWER_MS_MAX = 180_000

export interface ApiClient {
  api(method: string, path: string, body?: unknown, ask?: Ask): Promise<Reply>
  close(): Promise<void>
}

/** A client of the HTTP API like any other, with a pool of its own. */
export function createApiClient(origin: string, ownerToken: string): ApiClient {
  const dispatcher = new Agent({ headersTimeout: ANSWER_MS_MAX, bodyTimeout: ANSWER_MS_MAX })
  return {
    async api(method, path, body, { token = ownerToken, headers = {}, signal } = {}) {
      const answer = await request(`${origin}${path}`, {
        dispatcher,
        method,
        headers: {
          ...(token === null ? {} : { authorization: `Bearer ${token}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined
          ? {}
          : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
        ...(signal ? { signal } : {}),
      })
      const text = await answer.body.text()
      return {
        status: answer.statusCode,
        headers: toHeaders(answer.headers),
        text,
        body: parse(text),
      }
    },
    close: () => dispatcher.destroy(),
  }
}

function toHeaders(raw: Record<string, string | string[] | undefined>): Headers {
  const headers = new Headers()
  for (const [name, value] of Object.entries(raw))
    for (const one of [value].flat()) if (one !== undefined) headers.append(name, one)
  return headers
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Not every answer is JSON: nothing at all, a page, a refusal of the HTTP parser.
    return text
  }
}
