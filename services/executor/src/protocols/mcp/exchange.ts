import { AsyncLocalStorage } from 'node:async_hooks'
import type { ServiceError } from '@executor/contracts'
import type { RenderedCredential } from '../credential.ts'
import type { Asker } from '../protocol.ts'

/** An HTTP answer that says no. */
export interface Refusal {
  status: number
  headers: Headers
  text: string
}

/** What happened on the wire on behalf of one request. */
export interface Exchange {
  /** Its first byte may have reached the server. */
  sent: boolean
  /** What the network did to it. */
  failure?: ServiceError
  refusal?: Refusal
  /** Asks whoever is calling; absent where nobody can be asked. */
  asker?: Asker
  /** It was given up unanswered: its server may not know yet. */
  isLeft?: boolean
  /** What it is sent with: calls that share a session may hold tokens of different ages. */
  credential?: RenderedCredential
  /** Ends what is still open of it. */
  readonly controller: AbortController
}

/**
 * The request under way, for transports: the SDK hands nothing of its caller through, but sends within
 * the caller's asynchronous context.
 */
const exchanges = new AsyncLocalStorage<Exchange>()

export const currentExchange = (): Exchange | undefined => exchanges.getStore()

/** Runs a request and lets its transport write down what happens; nothing of it stays open after a failure. */
export async function withExchange<T>(exchange: Exchange, request: () => Promise<T>): Promise<T> {
  try {
    return await exchanges.run(exchange, request)
  } catch (error) {
    exchange.controller.abort()
    throw error
  }
}

export function createExchange(credential?: RenderedCredential): Exchange {
  return { sent: false, controller: new AbortController(), ...(credential && { credential }) }
}

/** Such as that of a cancellation, which is sent on behalf of the request it cancels. */
export function isNotificationText(body: unknown): boolean {
  return typeof body === 'string' && NOTIFICATION.test(body.slice(0, NOTIFICATION_CHARS))
}

const NOTIFICATION = /^\{(?:"jsonrpc":"2\.0",)?"method":"notifications\//
const NOTIFICATION_CHARS = 64
