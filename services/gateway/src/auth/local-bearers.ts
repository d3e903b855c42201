import { hash, hkdfSync, timingSafeEqual } from 'node:crypto'
import { invariant, type Role } from '@executor/contracts'
import type { Authenticator, Identity } from './authenticator.ts'
import { createSessionCookies } from './session-cookie.ts'

/** Where the local form keeps everything: one tenant, one person. */
const TENANT = 'default'
const SUBJECT = 'local'

export interface LocalBearerOptions {
  /** The owner's key: console, command line, approvals. */
  ownerToken: string
  /** The agents' key: calls, runs and reads. */
  agentToken: string
  now?: () => number
}

/** The local form's two keys: a person's, and the one that every agent is given. */
export function createLocalBearers({
  ownerToken,
  agentToken,
  now,
}: LocalBearerOptions): Authenticator {
  invariant(ownerToken !== '' && agentToken !== '', 'both keys must be given')
  invariant(ownerToken !== agentToken, "the owner's key and the agents' key must differ")
  const owner = digest(ownerToken)
  const agent = digest(agentToken)
  const signingKey = Buffer.from(hkdfSync('sha256', ownerToken, '', 'executor session', 32))
  const sessions = createSessionCookies(signingKey, now)

  function identifyKey(key: string): Identity | null {
    const shown = digest(key)
    // Both are compared whatever the first comparison says, so that time tells nothing.
    const isOwner = timingSafeEqual(shown, owner)
    const isAgent = timingSafeEqual(shown, agent)
    if (isOwner) return identity('owner', 'key')
    return isAgent ? identity('agent', 'key') : null
  }

  return {
    signingKey,
    identify({ key, cookie }) {
      if (key !== undefined) return identifyKey(key)
      if (cookie === undefined) return null
      return sessions.isValid(cookie) ? identity('owner', 'session') : null
    },
    openSession(key, options) {
      if (!identifyKey(key)?.roles.includes('owner')) return null
      return { setCookie: sessions.issue(options), identity: identity('owner', 'session') }
    },
    closeSession: () => sessions.expire(),
  }
}

function identity(role: Role, by: Identity['by']): Identity {
  return { tenant: TENANT, subject: SUBJECT, roles: [role], by }
}

/** Digests have one length, which is what a constant-time comparison needs. */
function digest(text: string): Buffer {
  return hash('sha256', text, 'buffer')
}
