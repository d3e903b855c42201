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
  /** Of the credential: tokens that replace each other share it, and so share a session. */
  consent: string
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
    consent: account.consent,
  }
}

export function keyOf(account: SessionAccount): string {
  const { revision, consent } = account
  return JSON.stringify([placeOf(account), revision, consent])
}

/** The connection a session belongs to, whatever revision either is at. */
export function placeOf({ tenant, integration, owner, subject, connection }: Place): string {
  return JSON.stringify([tenant, integration, owner, subject, connection])
}

export type Place = Omit<SessionAccount, 'revision' | 'consent'>
