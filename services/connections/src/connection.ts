import {
  type Connection,
  formatConnectionAddress,
  type HealthCheckResult,
  type Owner,
} from '@executor/contracts'

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
  lastHealth: HealthCheckResult | null
  /** Names the credential: another one whenever method or values are. */
  revision: string
  createdAt: number
  updatedAt: number
}

export interface ConnectionFilter {
  tenant: string
  /** Whose own rows are seen beside the organization's; empty for nobody's. */
  subject: string
  owner?: Owner | undefined
  integration?: string | undefined
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

/** The connections table, as the domain needs it. */
export interface ConnectionRows {
  findConnection(key: ConnectionKey): Promise<ConnectionRow | null>
  /** Those of the keys that there are, in no order. */
  findConnections(keys: readonly ConnectionKey[]): Promise<ConnectionRow[]>
  listConnections(filter: ConnectionFilter): Promise<ConnectionRow[]>
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
    lastHealth: row.lastHealth,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  }
}
