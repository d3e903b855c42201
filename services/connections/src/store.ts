import { HealthCheckResult, Owner } from '@executor/contracts'
import {
  coalesce,
  isUniqueViolation,
  type OpenedDatabase,
  openDatabase,
  outlastLeases,
} from '@executor/storage'
import { z } from 'zod'
import { migrations } from '../prisma/client/migrations.ts'
import { PrismaClient as Postgres } from '../prisma/client/postgresql/client.ts'
import {
  PrismaClient as Sqlite,
  type Connection as StoredConnection,
  type Secret as StoredSecret,
} from '../prisma/client/sqlite/client.ts'
import { toAccountList } from './account-list.ts'
import { rememberAccounts } from './account-memory.ts'
import type {
  AccountFilter,
  ConnectionCursor,
  ConnectionKey,
  ConnectionRow,
  ConnectionRows,
} from './connection.ts'
import type { OauthClientRows } from './oauth/client.ts'
import type { OauthSessionRows } from './oauth/session.ts'
import type { SecretRow, SecretRows } from './providers/encrypted.ts'
import type { Item } from './providers/provider.ts'
import { oauthClientRows, oauthSessionRows } from './store/oauth-rows.ts'

/** Rows in one statement: engines bound the parameters of a query. */
const BATCH_ROWS = 200
const ItemIds = z.record(z.string(), z.string())

export interface Store extends ConnectionRows, SecretRows, OauthClientRows, OauthSessionRows {
  /** No other process changes these rows. */
  isSoleWriter: boolean
  close(): Promise<void>
}

/** Opens `file:/absolute/connections.db` or `postgresql://…`. */
export async function openStore(url: string): Promise<Store> {
  const database = await openDatabase({
    url,
    migrations,
    clients: { sqlite: Sqlite, postgresql: Postgres },
    // A credential that was accepted is often not to be had again.
    durability: 'power',
  })
  const rows = connectionRows(database)
  // A data directory has one owner; a PostgreSQL database may have several replicas of us.
  const isSoleWriter = database.engine === 'sqlite'
  return {
    ...(isSoleWriter ? rememberAccounts(rows) : rows),
    ...secretRows(database),
    ...oauthClientRows(database),
    ...oauthSessionRows(database),
    isSoleWriter,
    close: () => database.close(),
  }
}

type Database = OpenedDatabase<Sqlite>

function connectionRows({ client, engine }: Database): ConnectionRows {
  const { connection: table } = client
  // Every tool call asks for its connection: calls that arrive together share the answer.
  const read = coalesce(async (text) => {
    const found = await table.findUnique({ where: byKey(JSON.parse(text) as ConnectionKey) })
    return found ? fromStored(found) : null
  })
  const find = async (key: ConnectionKey) => {
    const unique = toUnique(key)
    return Object.values(unique).some(hasNull) ? null : read(JSON.stringify(unique))
  }
  return {
    findConnection: find,
    async findConnections(keys) {
      const found = await table.findMany({ where: { OR: keys.map(toUnique) } })
      return found.map(fromStored)
    },
    async listConnections(filter) {
      // An empty OR inside an AND would match every row.
      const owned = visible(filter)
      if (owned.length === 0 || hasNull(filter.integration ?? '')) return []
      const { tenant, integration, after } = filter
      const found = await table.findMany({
        where: {
          tenant,
          ...(integration === undefined ? {} : { integration }),
          AND: [{ OR: owned }, ...(after ? [{ OR: afterConnection(after) }] : [])],
        },
        orderBy: [{ integration: 'asc' }, { owner: 'asc' }, { name: 'asc' }],
        ...(filter.limit === undefined ? {} : { take: filter.limit }),
      })
      return found.map(fromStored)
    },
    async listAccounts({ tenant, integration, ...filter }) {
      const owned = visible(filter)
      if (owned.length === 0 || hasNull(integration ?? '')) return toAccountList([])
      const found = await table.findMany({
        where: { tenant, ...(integration === undefined ? {} : { integration }), OR: owned },
        select: { integration: true, owner: true, name: true, updatedAt: true },
        orderBy: [{ integration: 'asc' }, { owner: 'asc' }, { name: 'asc' }],
      })
      return toAccountList(
        found.map((row) => ({
          ...row,
          owner: Owner.parse(row.owner),
          updatedAt: Number(row.updatedAt),
        })),
      )
    },
    async listConnectedIntegrations(tenant, subject) {
      const groups = await table.groupBy({
        by: 'integration',
        where: { tenant, OR: visible({ subject }) },
        orderBy: { integration: 'asc' },
      })
      return groups.map(({ integration }) => integration)
    },
    insertConnection: (row) =>
      table.create({ data: toStored(row) }).then(
        () => true,
        (error: unknown) => {
          if (isUniqueViolation(error)) return false
          throw error
        },
      ),
    async replaceConnection(row, { id, revision, updatedAt }) {
      const where = { id, revision, updatedAt: BigInt(updatedAt) }
      const { count } = await table.updateMany({ where, data: toStored(row) })
      await outlastLeases(engine)
      return count > 0
    },
    async relabelConnection(key, { identityLabel, description }, updatedAt) {
      if (Object.values(toUnique(key)).some(hasNull)) return null
      const data = {
        ...(identityLabel === undefined ? {} : { identityLabel: withoutNull(identityLabel) }),
        ...(description === undefined ? {} : { description: withoutNull(description) }),
        updatedAt: BigInt(updatedAt),
      }
      const { count } = await table.updateMany({ where: toUnique(key), data })
      return count > 0 ? find(key) : null
    },
    async claimRefresh({ id, revision }, claim, now) {
      const isFree = [{ refreshClaimEnds: null }, { refreshClaimEnds: { lte: BigInt(now) } }]
      const { count } = await table.updateMany({
        where: { id, revision, OR: isFree },
        data: { refreshClaim: claim.id, refreshClaimEnds: BigInt(claim.endsAt) },
      })
      return count > 0
    },
    // Nobody has to wait for leases to end: what is replaced is valid yet, or was refused already.
    async saveRefreshed(row, claim) {
      const where = { id: row.id, revision: claim.revision, refreshClaim: claim.id }
      // What people wrote meanwhile stays.
      const { identityLabel: _, description: __, ...data } = toStored(row)
      const { count } = await table.updateMany({ where, data })
      return count > 0
    },
    async releaseRefresh({ id }, claim) {
      const where = { id, revision: claim.revision, refreshClaim: claim.id }
      await table.updateMany({ where, data: { refreshClaim: null, refreshClaimEnds: null } })
    },
    async releaseRefreshes() {
      const data = { refreshClaim: null, refreshClaimEnds: null }
      await table.updateMany({ where: { refreshClaim: { not: null } }, data })
    },
    async saveMissingScopes({ id, consent }, scopes) {
      await table.updateMany({ where: { id, consent }, data: { missingScopes: scopes.join(' ') } })
    },
    async saveHealth({ id, revision }, health) {
      const lastHealth = withoutNull(JSON.stringify(health))
      await table.updateMany({ where: { id, revision }, data: { lastHealth } })
    },
    async removeConnection({ id, revision }) {
      const { count } = await table.deleteMany({ where: { id, revision } })
      await outlastLeases(engine)
      return count > 0
    },
    async takeIntegrationConnections(tenant, integration, limit) {
      const found = await table.findMany({ where: { tenant, integration }, take: limit })
      for (const batch of batches(found)) {
        await table.deleteMany({ where: { id: { in: batch.map(({ id }) => id) } } })
      }
      if (found.length > 0) await outlastLeases(engine)
      return found.map(fromStored)
    },
  }
}

function secretRows({ client }: Database): SecretRows {
  const { secret: table } = client
  return {
    async findSecret(item) {
      const where = { tenant_owner_subject_id: toPlace(item) }
      const found = await table.findUnique({ where })
      return found ? fromStoredSecret(found) : null
    },
    async insertSecret(row) {
      await table.create({ data: { ...row, createdAt: BigInt(row.createdAt) } })
    },
    async removeSecrets(items) {
      for (const batch of batches(items)) {
        await table.deleteMany({ where: { OR: batch.map(toPlace) } })
      }
    },
    async findOtherKeyId(keyIds) {
      const where = { keyId: { notIn: [...keyIds] } }
      const found = await table.findFirst({ where, select: { keyId: true } })
      return found?.keyId ?? null
    },
    async listSecrets({ limit, after, exceptKeyId, createdBefore }) {
      const found = await table.findMany({
        where: {
          ...(exceptKeyId === undefined ? {} : { keyId: { not: exceptKeyId } }),
          ...(createdBefore === undefined ? {} : { createdAt: { lt: BigInt(createdBefore) } }),
          ...(after ? { OR: afterPlace(after) } : {}),
        },
        orderBy: [{ tenant: 'asc' }, { owner: 'asc' }, { subject: 'asc' }, { id: 'asc' }],
        take: limit,
      })
      return found.map(fromStoredSecret)
    },
    async resealSecret({ keyId, sealed, ...row }, from) {
      const where = { ...toPlace(row), keyId: from }
      const { count } = await table.updateMany({ where, data: { keyId, sealed } })
      return count > 0
    },
  }
}

function byKey(key: ConnectionKey) {
  return { tenant_owner_subject_integration_name: toUnique(key) }
}

function toUnique({ tenant, owner, subject, integration, name }: ConnectionKey) {
  return { tenant, owner, subject, integration, name }
}

function toPlace({ tenant, owner, subject, id }: Item) {
  return { tenant, owner, subject, id }
}

/** The organization's rows, and the subject's own where there is a subject. */
function visible({ owner, subject }: Pick<AccountFilter, 'owner' | 'subject'>) {
  return [
    ...(owner === 'user' ? [] : [{ owner: 'org', subject: '' }]),
    ...(owner === 'org' || subject === '' ? [] : [{ owner: 'user', subject }]),
  ]
}

function afterConnection({ integration, owner, name }: ConnectionCursor) {
  return [
    { integration: { gt: integration } },
    { integration, owner: { gt: owner } },
    { integration, owner, name: { gt: name } },
  ]
}

function afterPlace({ tenant, owner, subject, id }: Item) {
  return [
    { tenant: { gt: tenant } },
    { tenant, owner: { gt: owner } },
    { tenant, owner, subject: { gt: subject } },
    { tenant, owner, subject, id: { gt: id } },
  ]
}

function toStored(row: ConnectionRow): StoredConnection {
  return {
    ...row,
    itemIds: JSON.stringify(row.itemIds),
    identityLabel: withoutNull(row.identityLabel),
    description: withoutNull(row.description),
    expiresAt: row.expiresAt === null ? null : BigInt(row.expiresAt),
    lastHealth: row.lastHealth && withoutNull(JSON.stringify(row.lastHealth)),
    missingScopes: row.missingScopes.length === 0 ? null : row.missingScopes.join(' '),
    refreshClaimEnds: row.refreshClaimEnds === null ? null : BigInt(row.refreshClaimEnds),
    createdAt: BigInt(row.createdAt),
    updatedAt: BigInt(row.updatedAt),
  }
}

function fromStored(stored: StoredConnection): ConnectionRow {
  const { itemIds, oauthClientOwner, lastHealth } = stored
  return {
    ...stored,
    owner: Owner.parse(stored.owner),
    itemIds: ItemIds.parse(JSON.parse(itemIds)),
    expiresAt: stored.expiresAt === null ? null : Number(stored.expiresAt),
    oauthClientOwner: oauthClientOwner === null ? null : Owner.parse(oauthClientOwner),
    lastHealth: lastHealth === null ? null : HealthCheckResult.parse(JSON.parse(lastHealth)),
    missingScopes: stored.missingScopes?.split(' ').filter(Boolean) ?? [],
    refreshClaimEnds: stored.refreshClaimEnds === null ? null : Number(stored.refreshClaimEnds),
    createdAt: Number(stored.createdAt),
    updatedAt: Number(stored.updatedAt),
  }
}

function fromStoredSecret(stored: StoredSecret): SecretRow {
  return { ...stored, owner: Owner.parse(stored.owner), createdAt: Number(stored.createdAt) }
}

/** PostgreSQL stores no null character in a text; SQLite ends some of its functions there. */
function withoutNull<T extends string | null>(text: T): T {
  return (text === null ? text : text.replaceAll('\0', '')) as T
}

function hasNull(text: string): boolean {
  return text.includes('\0')
}

function* batches<T>(rows: readonly T[]): Generator<T[]> {
  for (let start = 0; start < rows.length; start += BATCH_ROWS) {
    yield rows.slice(start, start + BATCH_ROWS)
  }
}
