import type { ReviewMode } from '@executor/contracts'
import type { OpenedDatabase } from '@executor/storage'
import type { PrismaClient } from '../../prisma/client/sqlite/client.ts'

/** How an integration is kept current, and how that went. */
export interface UpkeepRow {
  review: ReviewMode
  refreshEveryMs: number | null
  /** When it is refreshed next. */
  dueAt: number | null
  refreshedAt: number | null
  error: string | null
  failingSince: number | null
  /** In a row. */
  failures: number
}

export interface DueRefresh {
  tenant: string
  integration: string
  dueAt: number
}

export interface Upkeeps {
  /** As nobody asked for anything, where nobody did. */
  findUpkeep(tenant: string, integration: string): Promise<UpkeepRow>
  listUpkeeps(tenant: string): Promise<Map<string, UpkeepRow>>
  setUpkeep(tenant: string, integration: string, change: Partial<UpkeepRow>): Promise<void>
  removeUpkeep(tenant: string, integration: string): Promise<void>
  /** The longest due first, of every tenant. */
  listDueRefreshes(now: number, limit: number): Promise<DueRefresh[]>
  /** True for exactly one of those who ask for the same refresh; it is due again at `until`. */
  claimRefresh(due: DueRefresh, until: number): Promise<boolean>
  /** When the next one is due; null for none. */
  findNextDue(): Promise<number | null>
}

export const NO_UPKEEP: UpkeepRow = {
  review: 'none',
  refreshEveryMs: null,
  dueAt: null,
  refreshedAt: null,
  error: null,
  failingSince: null,
  failures: 0,
}

export function upkeeps({ client }: OpenedDatabase<PrismaClient>): Upkeeps {
  return {
    async findUpkeep(tenant, integration) {
      const where = { tenant_integration: { tenant, integration } }
      const row = await client.upkeep.findUnique({ where })
      return row ? fromRow(row) : NO_UPKEEP
    },
    async listUpkeeps(tenant) {
      const rows = await client.upkeep.findMany({ where: { tenant } })
      return new Map(rows.map((row) => [row.integration, fromRow(row)]))
    },
    async setUpkeep(tenant, integration, change) {
      const data = toColumns(change)
      await client.upkeep.upsert({
        where: { tenant_integration: { tenant, integration } },
        create: { tenant, integration, ...data },
        update: data,
      })
    },
    async removeUpkeep(tenant, integration) {
      await client.upkeep.deleteMany({ where: { tenant, integration } })
    },
    async listDueRefreshes(now, limit) {
      const rows = await client.upkeep.findMany({
        where: { dueAt: { lte: BigInt(now) } },
        orderBy: { dueAt: 'asc' },
        select: { tenant: true, integration: true, dueAt: true },
        take: limit,
      })
      return rows.map((row) => ({ ...row, dueAt: Number(row.dueAt) }))
    },
    async claimRefresh({ tenant, integration, dueAt }, until) {
      const { count } = await client.upkeep.updateMany({
        where: { tenant, integration, dueAt: BigInt(dueAt) },
        data: { dueAt: BigInt(until) },
      })
      return count === 1
    },
    async findNextDue() {
      const row = await client.upkeep.findFirst({
        where: { dueAt: { not: null } },
        orderBy: { dueAt: 'asc' },
        select: { dueAt: true },
      })
      return row?.dueAt == null ? null : Number(row.dueAt)
    },
  }
}

function fromRow(row: {
  review: string
  refreshEveryMs: number | null
  dueAt: bigint | null
  refreshedAt: bigint | null
  error: string | null
  failingSince: bigint | null
  failures: number
}): UpkeepRow {
  const { review, refreshEveryMs, error, failures } = row
  return {
    review: review as ReviewMode,
    refreshEveryMs,
    error,
    failures,
    dueAt: fromBigInt(row.dueAt),
    refreshedAt: fromBigInt(row.refreshedAt),
    failingSince: fromBigInt(row.failingSince),
  }
}

function toColumns({ dueAt, refreshedAt, failingSince, ...plain }: Partial<UpkeepRow>) {
  return {
    ...plain,
    ...(dueAt === undefined ? {} : { dueAt: toBigInt(dueAt) }),
    ...(refreshedAt === undefined ? {} : { refreshedAt: toBigInt(refreshedAt) }),
    ...(failingSince === undefined ? {} : { failingSince: toBigInt(failingSince) }),
  }
}

const toBigInt = (value: number | null) => (value === null ? null : BigInt(value))
const fromBigInt = (value: bigint | null) => (value === null ? null : Number(value))
