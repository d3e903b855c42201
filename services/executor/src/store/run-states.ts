import { clockOf, type Database, wake } from './database.ts'
import { HOLDER_GONE_MS } from './holders.ts'
import type { LongTexts } from './long-texts.ts'
import { fromRun, type RawRun } from './translate.ts'

/** How runs change hands and states beside what their holders write. */
export function runStates({ client, engine }: Database, texts: LongTexts) {
  const now = clockOf(engine)
  const live = `SELECT "id" FROM "Worker" WHERE "heartbeatAt" > ${now} - ${HOLDER_GONE_MS}`
  const claim =
    `UPDATE "Run" SET "holder" = $1, "attempt" = "attempt" + 1, "status" = 'running', "asking" = false, ` +
    `"startedAt" = COALESCE("startedAt", ${now}) WHERE "id" = $2 AND ("status" = 'queued' ` +
    `OR ("status" = 'running' AND "holder" NOT IN (${live}))) RETURNING *`
  const stranded =
    `SELECT "tenant", "id" FROM "Run" WHERE "settledAt" IS NULL AND (` +
    `("status" = 'queued' AND "createdAt" < $1) ` +
    `OR ("status" = 'running' AND "holder" NOT IN (${live}))) LIMIT 1000`
  return {
    async claimRun(id: string, holder: string) {
      const [row] = await client.$queryRawUnsafe<RawRun[]>(claim, holder, id)
      return row ? texts.fromStored(id, fromRun(row)) : null
    },
    async wakeRun(id: string) {
      const { count } = await client.run.updateMany(wake(id))
      return count > 0
    },
    async listAnswered() {
      return client.$queryRawUnsafe<{ tenant: string; id: string }[]>(`${ANSWERED} LIMIT 500`)
    },
    async wakeAnswered(id: string) {
      const answered = `${ANSWERED} AND "id" = $1`
      const found = await client.$queryRawUnsafe<unknown[]>(answered, id)
      if (found.length === 0) return false
      const { count } = await client.run.updateMany(wake(id))
      return count > 0
    },
    async cancelRun(id: string, at: number, result: string) {
      const { count } = await client.run.updateMany({
        where: { id, status: { in: ['queued', 'running', 'waiting'] } },
        data: {
          ...{ status: 'cancelled', isError: true, result },
          ...{ cancelledAt: BigInt(at), settledAt: BigInt(at) },
        },
      })
      return count > 0
    },
    async listStranded(queuedBefore: number) {
      return client.$queryRawUnsafe<{ tenant: string; id: string }[]>(stranded, queuedBefore)
    },
    async listDue(now: number) {
      return client.run.findMany({
        where: { settledAt: null, status: 'waiting', wakeAt: { lte: BigInt(now) } },
        select: { tenant: true, id: true },
        take: 500,
      })
    },
  }
}

const OF_RUN = `FROM "Interaction" AS i WHERE i."runId" = "Run"."id" AND i."status"`
/**
 * Runs at rest that nobody is asked anything for any more, or with a call that still counts as waiting
 * for an answer that is there.
 */
const ANSWERED =
  `SELECT "tenant", "id" FROM "Run" WHERE "settledAt" IS NULL AND "status" = 'waiting' AND (` +
  `NOT EXISTS (SELECT 1 ${OF_RUN} = 'open') OR EXISTS (SELECT 1 ${OF_RUN} <> 'open' AND EXISTS (` +
  `SELECT 1 FROM "Step" AS s WHERE s."runId" = "Run"."id" AND s."position" = i."position" ` +
  `AND s."status" = 'waiting')))`
