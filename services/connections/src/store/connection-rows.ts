import { HealthCheckResult, Owner } from '@executor/contracts'
import { coalesce, isUniqueViolation, type OpenedDatabase, outlastLeases } from '@executor/storage'
import { z } from 'zod'
import type {
  PrismaClient,
  Connection as StoredConnection,
} from '../../prisma/client/sqlite/client.ts'
import { toAccountList } from '../account-list.ts'
import type {
  AccountFilter,
  ConnectionCursor,
  ConnectionKey,
  ConnectionRow,
  ConnectionRows,
} from '../connection.ts'
import { batches } from './batches.ts'

const ItemIds = z.record(z.string(), z.string())

export function connectionRows({ client, engine }: OpenedDatabase<PrismaClient>): ConnectionRows {
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

function byKey(key: ConnectionKey) {
  return { tenant_owner_subject_integration_name: toUnique(key) }
}

function toUnique({ tenant, owner, subject, integration, name }: ConnectionKey) {
  return { tenant, owner, subject, integration, name }
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

/** PostgreSQL stores no null character in a text; SQLite ends some of its functions there. */
function withoutNull<T extends string | null>(text: T): T {
  return (text === null ? text : text.replaceAll('\0', '')) as T
}

function hasNull(text: string): boolean {
  return text.includes('\0')
}
