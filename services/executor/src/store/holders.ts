import { clockOf, type Database } from './database.ts'

/** Milliseconds after which a holder that was not heard of counts as gone. */
export const HOLDER_GONE_MS = 8_000

/** The processes that hold runs. */
export function holders({ client, engine }: Database) {
  const now = clockOf(engine)
  const beat =
    `INSERT INTO "Worker" ("id", "heartbeatAt") VALUES ($1, ${now}) ` +
    `ON CONFLICT ("id") DO UPDATE SET "heartbeatAt" = ${now}`
  const silent = `SELECT "id" FROM "Worker" WHERE "heartbeatAt" <= ${now} - CAST($1 AS bigint)`
  return {
    async beat(holder: string) {
      await client.$executeRawUnsafe(beat, holder)
    },
    async listSilent(ms: number) {
      const rows = await client.$queryRawUnsafe<{ id: string }[]>(silent, ms)
      return rows.map(({ id }) => id)
    },
    async forgetHolder(holder: string) {
      await client.worker.deleteMany({ where: { id: holder } })
    },
    async forgetAllHolders() {
      await client.worker.deleteMany({})
    },
  }
}
