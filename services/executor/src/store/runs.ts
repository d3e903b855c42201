import type { RunKind, RunStatus } from '@executor/contracts'
import { type Database, defined } from './database.ts'
import type { LongTexts } from './long-texts.ts'
import { fromRun } from './translate.ts'

export interface RunFilter {
  status?: RunStatus | undefined
  kind?: RunKind | undefined
  address?: string | undefined
  /** Only this subject's runs; everyone's when absent. */
  subject?: string | undefined
  /** Runs created before this one, by time and then id. */
  before?: { createdAt: number; id: string } | undefined
  limit: number
}

/** Runs as they are read. */
export function runs({ client }: Database, texts: LongTexts) {
  return {
    async findRun(tenant: string, id: string) {
      const row = await client.run.findFirst({ where: { tenant, id } })
      return row && texts.fromStored(id, fromRun(row))
    },
    async listRuns(tenant: string, { before, limit, status, ...filter }: RunFilter) {
      const rows = await client.run.findMany({
        where: {
          tenant,
          ...defined(filter),
          ...(status && { AND: [whereShown(status)] }),
          ...(before && {
            OR: [
              { createdAt: { lt: BigInt(before.createdAt) } },
              { createdAt: BigInt(before.createdAt), id: { lt: before.id } },
            ],
          }),
        },
        // What lists do not show may be large.
        omit: { result: true, code: true, arguments: true },
        orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
        take: limit,
      })
      return rows.map((row) => fromRun({ ...row, result: null, code: null, arguments: null }))
    },
  }
}

/** Runs that are shown with a status: one that asks in the middle of a call is shown as waiting. */
function whereShown(status: RunStatus) {
  if (status === 'running') return { status, asking: false }
  if (status !== 'waiting') return { status }
  // Few are not settled, and the rest need not be looked at.
  return { settledAt: null, OR: [{ status }, { status: 'running', asking: true }] }
}
