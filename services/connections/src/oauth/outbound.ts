import { isServiceError, ServiceError } from '@executor/contracts'
import type { Egress } from '@executor/egress'

/** Milliseconds for one call of a token, registration or revocation endpoint. */
export const TOKEN_MS = 20_000
/** Milliseconds to find out where tokens come from, everything included. */
export const DISCOVERY_MS = 30_000
/** Of an answer; metadata with its keys is a few kilobytes. */
const ANSWER_BYTES_MAX = 256 * 1024

export type Outbound = (url: string, init?: RequestInit) => Promise<Response>

/** `fetch` as the OAuth library calls it: bounded, through the guard, to exactly where it was sent. */
export function createOutbound(egress: Egress, signal: AbortSignal): Outbound {
  return async (url, init = {}) => {
    const { host } = new URL(url)
    try {
      const response = await egress.fetch(url, {
        ...init,
        ...(init.body == null ? {} : { body: String(init.body) }),
        redirect: 'manual',
        signal,
        maxBytes: ANSWER_BYTES_MAX,
      })
      // Read here, where what the network does to it has a name.
      const text = await response.text()
      const { status, statusText, headers } = response
      const hasBody = status !== 204 && status !== 205 && status !== 304
      return new Response(hasBody ? text : null, { status, statusText, headers })
    } catch (error) {
      throw toUnreachable(error, host, signal)
    }
  }
}

/** Trouble of the network, or of a server that is not itself, as opposed to one that says no. */
export function isPassing(error: unknown): error is ServiceError {
  return (
    isServiceError(error, 'oauth_server_unreachable') ||
    isServiceError(error, 'oauth_answer_invalid')
  )
}

/** A server in trouble says nothing of what it was asked. */
export function assertNotInTrouble({ status }: Response, host: string): void {
  if (status < 500 && status !== 429) return
  throw new ServiceError(
    'unavailable',
    'oauth_server_unreachable',
    `The authorization server ${host} is in trouble: it answers ${status}. Try again later.`,
    { details: { host, status } },
  )
}

function toUnreachable(error: unknown, host: string, signal: AbortSignal): unknown {
  if (isServiceError(error, 'egress_blocked')) return error
  if (!isServiceError(error) && !signal.aborted) return error
  const why = isServiceError(error) ? error.message : 'It did not answer in time.'
  return new ServiceError(
    'unavailable',
    'oauth_server_unreachable',
    `The authorization server ${host} cannot be reached. ${why}`,
    { cause: error, details: { host } },
  )
}

/** The caller's own patience and ours, whichever ends first. */
export function within(milliseconds: number, signal?: AbortSignal): AbortSignal {
  const limit = AbortSignal.timeout(milliseconds)
  return signal ? AbortSignal.any([limit, signal]) : limit
}
