import {
  type Connection,
  formatConnectionAddress,
  type HealthCheckResult,
  type Owner,
} from '@executor/contracts'
import type { AccountList } from './account-list.ts'

/** Whose rows: the organization's (`subject` is empty) or one member's own. */
export interface Partition {
  tenant: string
  owner: Owner
  subject: string
}

export interface ConnectionKey extends Partition {
  integration: string
  name: string
}

/** A connection as it is kept. No value is in it, only where the values live. */
export interface ConnectionRow extends ConnectionKey {
  id: string
  template: string
  provider: string
  /** Input name to the provider's item id. */
  itemIds: Record<string, string>
  /** The items were there before and stay when the connection goes. */
  linked: boolean
  identityLabel: string | null
  description: string | null
  expiresAt: number | null
  oauthClient: string | null
  oauthClientOwner: Owner | null
  oauthScope: string | null
  refreshItemId: string | null
  oauthTokenUrl: string | null
  /** What its tokens are for (RFC 8707). */
  oauthResource: string | null
  /** What the grant lacks of what was asked for or needed. */
  missingScopes: string[]
  /** Names what a person agreed to; null for what nobody had to. */
  consent: string | null
  /** Who is getting another token, and until when others leave it to them. */
  refreshClaim: string | null
  refreshClaimEnds: number | null
  lastHealth: HealthCheckResult | null
  /** Names the credential: another one whenever method or values are. */
  revision: string
  createdAt: number
  updatedAt: number
}

export interface AccountFilter {
  tenant: string
  /** Whose own rows are seen beside the organization's; empty for nobody's. */
  subject: string
  owner?: Owner | undefined
  integration?: string | undefined
}

export interface ConnectionFilter extends AccountFilter {
  limit?: number | undefined
  after?: ConnectionCursor | undefined
}

/** Where a list goes on: after this one, in the order integration, owner, name. */
export interface ConnectionCursor {
  integration: string
  owner: Owner
  name: string
}

export interface ConnectionLabels {
  identityLabel?: string | null | undefined
  description?: string | null | undefined
}

/** The right to replace the tokens of a connection, for a while. */
export interface RefreshClaim {
  id: string
  /** Of the tokens that are replaced. */
  revision: string
  endsAt: number
}

/** The connections table, as the domain needs it. */
export interface ConnectionRows {
  findConnection(key: ConnectionKey): Promise<ConnectionRow | null>
  /** Those of the keys that there are, in no order. */
  findConnections(keys: readonly ConnectionKey[]): Promise<ConnectionRow[]>
  listConnections(filter: ConnectionFilter): Promise<ConnectionRow[]>
  listAccounts(filter: AccountFilter): Promise<AccountList>
  /** The slugs of those that a subject sees a connection of, in order. */
  listConnectedIntegrations(tenant: string, subject: string): Promise<string[]>
  /** False when the name is taken. */
  insertConnection(row: ConnectionRow): Promise<boolean>
  /** False when `replaced` is no longer what is stored. */
  replaceConnection(row: ConnectionRow, replaced: ConnectionRow): Promise<boolean>
  /** Null when there is no such connection. */
  relabelConnection(
    key: ConnectionKey,
    labels: ConnectionLabels,
    updatedAt: number,
  ): Promise<ConnectionRow | null>
  /** Lets one of many get another token: false when somebody has been let, or the row has changed. */
  claimRefresh(row: ConnectionRow, claim: RefreshClaim, now: number): Promise<boolean>
  /** Swaps tokens that replace each other. False when the claim, or the row, is no longer what it was. */
  saveRefreshed(row: ConnectionRow, claim: RefreshClaim): Promise<boolean>
  /** Gives a claim back, with nothing else changed. */
  releaseRefresh(row: ConnectionRow, claim: RefreshClaim): Promise<void>
  /** Gives back what processes that are gone have claimed; for who alone writes these rows. */
  releaseRefreshes(): Promise<void>
  saveMissingScopes(row: ConnectionRow, scopes: readonly string[]): Promise<void>
  /** Does nothing when the credential has changed since. */
  saveHealth(row: ConnectionRow, health: HealthCheckResult): Promise<void>
  /** False when it is at another revision by now, or gone. */
  removeConnection(row: ConnectionRow): Promise<boolean>
  /** Removes up to `limit` connections of an integration, every member's, and answers them. */
  takeIntegrationConnections(
    tenant: string,
    integration: string,
    limit: number,
  ): Promise<ConnectionRow[]>
}

/** What callers see of a connection. */
export function toConnection(row: ConnectionRow): Connection {
  const { owner, integration, name } = row
  return {
    owner,
    name,
    integration,
    address: formatConnectionAddress({ integration, owner, connection: name }),
    template: row.template,
    provider: row.provider,
    identityLabel: row.identityLabel,
    description: row.description,
    expiresAt: row.expiresAt,
    oauthClient: row.oauthClient,
    oauthClientOwner: row.oauthClientOwner,
    oauthScope: row.oauthScope,
    missingOAuthScopes: row.missingScopes,
    lastHealth: row.lastHealth,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  }
}
