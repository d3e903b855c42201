import type { AuthMethod, HealthCheckSpec } from '@executor/contracts'
import { isUniqueViolation, type OpenedDatabase } from '@executor/storage'
import type { PrismaClient } from '../../prisma/client/sqlite/client.ts'
import type { IntegrationRow, IntegrationRows } from '../integration-row.ts'
import { writeSettlement } from './reviews.ts'

export function integrations({ client, engine }: OpenedDatabase<PrismaClient>): IntegrationRows {
  return {
    async listIntegrations(tenant) {
      const rows = await client.integration.findMany({
        where: { tenant },
        orderBy: { slug: 'asc' },
      })
      return rows.map(fromRow)
    },
    async findIntegration(tenant, slug) {
      const row = await client.integration.findUnique({ where: { tenant_slug: { tenant, slug } } })
      return row && fromRow(row)
    },
    async insertIntegration(tenant, row) {
      const count = await client.integration.count({ where: { tenant, slug: row.slug } })
      if (count > 0) return false
      const { slug, createdAt, ...rest } = row
      try {
        await client.integration.create({
          data: {
            tenant,
            slug,
            createdAt: BigInt(createdAt),
            ...(toColumns(rest) as ReturnType<typeof toColumns> & RequiredColumns),
          },
        })
        return true
      } catch (error) {
        // Another request took the slug in between.
        if (isUniqueViolation(error)) return false
        throw error
      }
    },
    async updateIntegration(tenant, slug, change, { ifRevision, settlement } = {}) {
      const where = { tenant, slug, ...(ifRevision === undefined ? {} : { revision: ifRevision }) }
      const data = toColumns(change)
      const update = async (within: Pick<PrismaClient, 'integration'>) =>
        (await within.integration.updateMany({ where, data })).count > 0
      const isThere = settlement
        ? await client.$transaction(async (transaction) => {
            if (!(await update(transaction))) return false
            await writeSettlement(transaction, engine, tenant, settlement)
            return true
          })
        : await update(client)
      return isThere ? this.findIntegration(tenant, slug) : null
    },
    async removeIntegration(tenant, slug) {
      const { count } = await client.integration.deleteMany({ where: { tenant, slug } })
      return count > 0
    },
  }
}

interface RequiredColumns {
  kind: string
  name: string
  description: string
  config: string
  authMethods: string
  snapshot: string
  toolCount: number
  canRefresh: boolean
  revision: string
  updatedAt: bigint
}

function toColumns(change: Partial<IntegrationRow>) {
  const { slug: _, createdAt: __, config, authMethods, healthCheck, updatedAt, ...plain } = change
  return {
    ...plain,
    ...(config === undefined ? {} : { config: JSON.stringify(config) }),
    ...(authMethods === undefined ? {} : { authMethods: JSON.stringify(authMethods) }),
    ...(healthCheck === undefined
      ? {}
      : { healthCheck: healthCheck && JSON.stringify(healthCheck) }),
    ...(updatedAt === undefined ? {} : { updatedAt: BigInt(updatedAt) }),
  }
}

interface Columns extends RequiredColumns {
  slug: string
  displayUrl: string | null
  healthCheck: string | null
  createdAt: bigint
  pastedText: string | null
}

function fromRow(row: Columns): IntegrationRow {
  return {
    slug: row.slug,
    kind: row.kind,
    name: row.name,
    description: row.description,
    config: JSON.parse(row.config) as unknown,
    authMethods: JSON.parse(row.authMethods) as AuthMethod[],
    snapshot: row.snapshot,
    toolCount: row.toolCount,
    displayUrl: row.displayUrl,
    canRefresh: row.canRefresh,
    healthCheck: row.healthCheck ? (JSON.parse(row.healthCheck) as HealthCheckSpec) : null,
    revision: row.revision,
    createdAt: Number(row.createdAt),
    updatedAt: Number(row.updatedAt),
    pastedText: row.pastedText,
  }
}
