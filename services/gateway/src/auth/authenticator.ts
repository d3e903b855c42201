import type { Principal, Role, Via } from '@executor/contracts'

/** What a request shows of who sent it. */
export interface Credentials {
  /** `Authorization: Bearer …` or `x-api-key`. */
  key: string | undefined
  /** The whole `Cookie` header; absent where a cookie must not count. */
  cookie: string | undefined
}

export interface Identity {
  tenant: string
  subject: string
  roles: Role[]
  /** A browser's session, or a key that a program shows. */
  by: 'session' | 'key'
}

/**
 * Knows who shows a credential. The local form has two bearers; accounts put another one in its
 * place, which is why answers may be promises.
 */
export interface Authenticator {
  /** `null` for credentials that are nobody's. */
  identify(credentials: Credentials): Identity | null | Promise<Identity | null>
  /** A session cookie for whoever shows a person's key; `null` for any other key. */
  openSession(
    key: string,
    options: { secure: boolean },
  ): SessionCookie | null | Promise<SessionCookie | null>
  /** The cookie that ends a session. */
  closeSession(): string
  /** Signs what this instance hands out and must recognise later, after a restart too. */
  signingKey: Buffer
}

export interface SessionCookie {
  setCookie: string
  identity: Identity
}

/** Whatever comes through `/mcp` is an agent, whichever key it shows. */
export function toPrincipal(identity: Identity, via: Via): Principal {
  const { tenant, subject, roles } = identity
  return via === 'mcp'
    ? { tenant, subject, roles: ['agent'], via }
    : { tenant, subject, roles, via }
}
