import type { OauthClient, OauthClientAuth, OauthGrant } from '@executor/contracts'
import type { Partition } from '../connection.ts'

export type OriginKind = OauthClient['origin']['kind']

/** Somebody as whom we ask a server for tokens, as it is kept. The secret is not in it. */
export interface OauthClientRow extends Partition {
  id: string
  slug: string
  grant: OauthGrant
  clientId: string
  /** Where the secret, or the private key, lives; null for public clients. */
  secretProvider: string | null
  secretItemId: string | null
  /** `auto` until a server has shown which it takes. */
  authMethod: OauthClientAuth | 'auto'
  authorizationUrl: string
  tokenUrl: string
  revocationUrl: string | null
  /** The server it belongs to, where that is known; it is used at no other. */
  issuer: string | null
  resource: string | null
  /** What it was registered for, where it was. */
  redirectUri: string | null
  originKind: OriginKind
  originIntegration: string | null
  createdAt: number
  updatedAt: number
}

export interface OauthClientKey extends Partition {
  slug: string
}

/** The clients table, as the domain needs it. */
export interface OauthClientRows {
  findOauthClient(key: OauthClientKey): Promise<OauthClientRow | null>
  findOauthClientById(id: string): Promise<OauthClientRow | null>
  /** The organization's, and the subject's own where there is a subject. */
  listOauthClients(tenant: string, subject: string): Promise<OauthClientRow[]>
  /** False when the slug is taken. */
  insertOauthClient(row: OauthClientRow): Promise<boolean>
  /** False when `replaced` is no longer what is stored. */
  replaceOauthClient(row: OauthClientRow, replaced: OauthClientRow): Promise<boolean>
  learnOauthClient(id: string, learned: LearnedOfClient): Promise<void>
  removeOauthClient(id: string): Promise<boolean>
  /** Whether a connection, or a sign-in under way, was begun with it. */
  isOauthClientUsed(row: OauthClientRow, now: number): Promise<boolean>
}

/** What turned out when it was used. */
export interface LearnedOfClient {
  authMethod?: OauthClientAuth
  revocationUrl?: string
  issuer?: string
}

/** Registered by us, for what hangs on it and no longer. */
export function isSelfRegistered({ originKind }: OauthClientRow): boolean {
  return originKind !== 'manual'
}

/** What callers see of a client. */
export function toOauthClient(row: OauthClientRow): OauthClient {
  return {
    owner: row.owner,
    slug: row.slug,
    grant: row.grant,
    clientId: row.clientId,
    authorizationUrl: row.authorizationUrl,
    tokenUrl: row.tokenUrl,
    resource: row.resource,
    issuer: row.issuer,
    origin: { kind: row.originKind, integration: row.originIntegration },
    createdAt: row.createdAt,
  }
}
