import { OauthClientAuth, OauthGrant, Owner } from '@executor/contracts'
import { isUniqueViolation, type OpenedDatabase } from '@executor/storage'
import { z } from 'zod'
import type {
  PrismaClient,
  OauthClient as StoredClient,
  OauthSession as StoredSession,
} from '../../prisma/client/sqlite/client.ts'
import type { OauthClientRow, OauthClientRows } from '../oauth/client.ts'
import { KnownServer } from '../oauth/known-server.ts'
import type { OauthSessionRow, OauthSessionRows } from '../oauth/session.ts'

const AuthMethod = z.union([OauthClientAuth, z.literal('auto')])
const OriginKind = z.enum(['manual', 'dynamic_client_registration', 'client_id_metadata_document'])
const Status = z.enum(['pending', 'taken', 'connected', 'failed'])

type Database = OpenedDatabase<PrismaClient>

export function oauthClientRows({ client }: Database): OauthClientRows {
  const { oauthClient: table, connection, oauthSession } = client
  return {
    async findOauthClient({ tenant, owner, subject, slug }) {
      const where = { tenant_owner_subject_slug: { tenant, owner, subject, slug } }
      const found = await table.findUnique({ where })
      return found ? fromStoredClient(found) : null
    },
    async findOauthClientById(id) {
      const found = await table.findUnique({ where: { id } })
      return found ? fromStoredClient(found) : null
    },
    async listOauthClients(tenant, subject) {
      const own = subject === '' ? [] : [{ owner: 'user', subject }]
      const found = await table.findMany({
        where: { tenant, OR: [{ owner: 'org', subject: '' }, ...own] },
        orderBy: [{ owner: 'asc' }, { slug: 'asc' }],
      })
      return found.map(fromStoredClient)
    },
    insertOauthClient: (row) =>
      table.create({ data: toStoredClient(row) }).then(
        () => true,
        (error: unknown) => {
          if (isUniqueViolation(error)) return false
          throw error
        },
      ),
    async replaceOauthClient(row, { id, updatedAt }) {
      const where = { id, updatedAt: BigInt(updatedAt) }
      const { count } = await table.updateMany({ where, data: toStoredClient(row) })
      return count > 0
    },
    async learnOauthClient(id, learned) {
      await table.updateMany({ where: { id }, data: learned })
    },
    async removeOauthClient(id) {
      const { count } = await table.deleteMany({ where: { id } })
      return count > 0
    },
    async isOauthClientUsed({ id, tenant, owner, subject, slug }, now) {
      const ofConnection = await connection.findFirst({
        // Members may sign in with the organization's; their own are nobody else's.
        where: {
          tenant,
          oauthClient: slug,
          oauthClientOwner: owner,
          ...(owner === 'user' ? { subject } : {}),
        },
        select: { id: true },
      })
      if (ofConnection) return true
      const pending = { clientId: id, status: { in: ['pending', 'taken'] } }
      const underWay = await oauthSession.findFirst({
        where: { ...pending, expiresAt: { gt: BigInt(now) } },
        select: { id: true },
      })
      return underWay !== null
    },
  }
}

export function oauthSessionRows({ client }: Database): OauthSessionRows {
  const { oauthSession: table } = client
  return {
    async insertOauthSession(row) {
      await table.create({ data: toStoredSession(row) })
    },
    async findOauthSession(stateHash) {
      const found = await table.findUnique({ where: { stateHash } })
      return found ? fromStoredSession(found) : null
    },
    async takeOauthSession(id) {
      const where = { id, status: 'pending' }
      const { count } = await table.updateMany({ where, data: { status: 'taken' } })
      return count > 0
    },
    async endOauthSession(id, end, expiresAt) {
      await table.updateMany({ where: { id }, data: { ...end, expiresAt: BigInt(expiresAt) } })
    },
    async removeOauthSession(id) {
      const { count } = await table.deleteMany({ where: { id } })
      return count > 0
    },
    async takeExpiredOauthSessions(now, limit) {
      const where = { expiresAt: { lte: BigInt(now) } }
      const found = await table.findMany({ where, take: limit })
      const ids = found.map(({ id }) => id)
      if (ids.length > 0) await table.deleteMany({ where: { ...where, id: { in: ids } } })
      return found.map(fromStoredSession)
    },
  }
}

function toStoredClient(row: OauthClientRow): StoredClient {
  return { ...row, createdAt: BigInt(row.createdAt), updatedAt: BigInt(row.updatedAt) }
}

function fromStoredClient(stored: StoredClient): OauthClientRow {
  return {
    ...stored,
    owner: Owner.parse(stored.owner),
    grant: OauthGrant.parse(stored.grant),
    authMethod: AuthMethod.parse(stored.authMethod),
    originKind: OriginKind.parse(stored.originKind),
    createdAt: Number(stored.createdAt),
    updatedAt: Number(stored.updatedAt),
  }
}

function toStoredSession(row: OauthSessionRow): StoredSession {
  return {
    ...row,
    identityLabel: withoutNull(row.identityLabel),
    description: withoutNull(row.description),
    server: JSON.stringify(row.server),
    expiresAt: BigInt(row.expiresAt),
    createdAt: BigInt(row.createdAt),
  }
}

function fromStoredSession(stored: StoredSession): OauthSessionRow {
  return {
    ...stored,
    owner: Owner.parse(stored.owner),
    server: KnownServer.parse(JSON.parse(stored.server)),
    status: Status.parse(stored.status),
    expiresAt: Number(stored.expiresAt),
    createdAt: Number(stored.createdAt),
  }
}

/** PostgreSQL stores no null character in a text. */
function withoutNull(text: string | null): string | null {
  return text === null ? null : text.replaceAll('\0', '')
}
