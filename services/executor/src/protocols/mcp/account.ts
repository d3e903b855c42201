import type { Access } from '../protocol.ts'

/** Whose session it is, and what it was opened with. */
export interface SessionAccount {
  tenant: string
  integration: string
  owner: 'org' | 'user'
  subject: string
  connection: string
  /** Of the integration's settings. */
  revision: string
  credentialRevision: string
}

/** Null for a credential that is only tried: nothing is kept for it. */
export function accountOf({ settings, connection, account }: Access): SessionAccount | null {
  if (!account) return null
  return {
    tenant: account.tenant,
    integration: settings.slug,
    owner: connection.owner,
    subject: account.subject,
    connection: connection.name,
    revision: settings.revision,
    credentialRevision: account.revision,
  }
}

export function keyOf(account: SessionAccount): string {
  const { revision, credentialRevision } = account
  return JSON.stringify([placeOf(account), revision, credentialRevision])
}

/** The connection a session belongs to, whatever revision either is at. */
export function placeOf({ tenant, integration, owner, subject, connection }: Place): string {
  return JSON.stringify([tenant, integration, owner, subject, connection])
}

export type Place = Omit<SessionAccount, 'revision' | 'credentialRevision'>
