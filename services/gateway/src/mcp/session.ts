import { createHmac, hash, randomBytes, timingSafeEqual } from 'node:crypto'
import { type Principal, ServiceError } from '@executor/contracts'
import { type Abilities, decodeAbilities, encodeAbilities } from './abilities.ts'
import type { RequestId } from './messages.ts'

/** `<nonce>.<whose>.<abilities>.<signature>`: any instance can check it, and nobody has to remember it. */
const SESSION_ID = /^([A-Za-z0-9_-]{22})\.([A-Za-z0-9_-]{22})\.([a-z0]{1,3})\.([A-Za-z0-9_-]{43})$/
/** Ended sessions that are remembered; past it the oldest counts as alive again. */
const ENDED_MAX = 10_000
/** Sessions whose signature is known to be right; past it the oldest is checked again. */
const CHECKED_MAX = 1_000

export interface McpSessions {
  open(principal: Principal, abilities: Abilities): string
  /** What its client can be asked. Throws for sessions that are not this principal's, or not ours at all. */
  check(id: string, principal: Principal): Abilities
  end(id: string): void
  /** Remembers how to stop a call of a session while it lasts; calls back what forgets it. */
  track(id: string, request: RequestId, abort: () => void): () => void
  cancel(id: string, request: RequestId): void
}

/**
 * Conversations of clients that shake hands. A session holds nothing but who opened it and what it
 * said of itself, so it outlives restarts, and any instance serves it.
 */
export function createMcpSessions(signingKey: Buffer): McpSessions {
  const ended = new Set<string>()
  const calls = new Map<string, () => void>()
  const checked = new Map<string, { owner: string; abilities: string }>()
  const sign = (text: string) => createHmac('sha256', signingKey).update(`mcp ${text}`).digest()

  function checkSignature(id: string) {
    const [, nonce, owner, abilities, signature] = SESSION_ID.exec(id) ?? []
    if (owner === undefined || abilities === undefined || signature === undefined) return null
    const expected = sign(`${nonce}.${owner}.${abilities}`)
    if (!timingSafeEqual(Buffer.from(signature, 'base64url'), expected)) return null
    const session = { owner, abilities }
    checked.set(id, session)
    const [oldest] = checked.size > CHECKED_MAX ? checked.keys() : []
    if (oldest !== undefined) checked.delete(oldest)
    return session
  }

  return {
    open(principal, abilities) {
      const nonce = randomBytes(16).toString('base64url')
      const text = `${nonce}.${whose(principal)}.${encodeAbilities(abilities)}`
      return `${text}.${sign(text).toString('base64url')}`
    },
    check(id, principal) {
      const session = checked.get(id) ?? checkSignature(id)
      if (!session || ended.has(id))
        throw new ServiceError(
          'not_found',
          'session_unknown',
          'This session is over. Connect again.',
        )
      if (session.owner !== whose(principal))
        throw new ServiceError(
          'permission_denied',
          'session_foreign',
          'This session was opened with another key. Connect again.',
        )
      return decodeAbilities(session.abilities)
    },
    end(id) {
      ended.add(id)
      const [oldest] = ended.size > ENDED_MAX ? ended : []
      if (oldest !== undefined) ended.delete(oldest)
    },
    track(id, request, abort) {
      const key = callKey(id, request)
      calls.set(key, abort)
      return () => calls.delete(key)
    },
    cancel(id, request) {
      calls.get(callKey(id, request))?.()
    },
  }
}

/** A principal, whatever key of it is shown. */
export function whose({ tenant, subject, toolkit }: Principal): string {
  return hash('sha256', JSON.stringify([tenant, subject, toolkit]), 'base64url').slice(0, 22)
}

function callKey(session: string, request: RequestId): string {
  return `${session} ${typeof request} ${request}`
}
