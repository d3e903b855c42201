import type { Database } from './database.ts'
import { begunAt } from './long-texts.ts'

/** Runs whose texts are looked at by one statement. */
const LOOKED_AT_MAX = 200
/** Parts deleted by one statement: some megabytes. */
const DELETED_PARTS_MAX = 32

/** What is kept no longer. */
export function retention({ client, transact }: Database) {
  /** Deletes a few parts at a time, so that the loop and the store stay free for others. */
  async function removeTexts(runIds: readonly string[]): Promise<void> {
    if (runIds.length === 0) return
    const places = runIds.map((_, index) => `$${index + 1}`).join(', ')
    const some = `SELECT "runId", "value", "position" FROM "Part" WHERE "runId" IN (${places}) LIMIT ${DELETED_PARTS_MAX}`
    const remove = `DELETE FROM "Part" WHERE ("runId", "value", "position") IN (${some}) RETURNING "position"`
    for (;;) {
      const [removed = []] = await transact([{ sql: remove, parameters: runIds }])
      if (removed.length < DELETED_PARTS_MAX) return
      await new Promise((resolve) => setImmediate(resolve))
    }
  }

  return {
    async removeSettledBefore(time: number, limit: number) {
      const rows = await client.run.findMany({
        where: { settledAt: { lt: BigInt(time) } },
        select: { id: true },
        orderBy: { settledAt: 'asc' },
        take: limit,
      })
      const ids = rows.map((row) => row.id)
      if (ids.length === 0) return 0
      const ofRuns = { where: { runId: { in: ids } } }
      await client.$transaction([
        client.step.deleteMany(ofRuns),
        client.interaction.deleteMany(ofRuns),
        client.grant.deleteMany(ofRuns),
        client.run.deleteMany({ where: { id: { in: ids } } }),
      ])
      return ids.length
    },
    /** A text is written before its run may be: what is young is not looked at. */
    async removeLooseTexts(time: number) {
      let after = ''
      for (;;) {
        const [rows = []] = await transact([{ sql: OWNERS, parameters: [after] }])
        const loose = rows.filter(
          ({ owner, latest }) => owner === null && begunAt(String(latest)) < time,
        )
        await removeTexts(loose.map(({ runId }) => String(runId)))
        const last = rows.at(-1)
        if (!last || rows.length < LOOKED_AT_MAX) return
        after = String(last.runId)
        await new Promise((resolve) => setImmediate(resolve))
      }
    },
  }
}

const OWNERS =
  `SELECT p."runId", MAX(p."value") AS "latest", ` +
  `(SELECT r."id" FROM "Run" AS r WHERE r."id" = p."runId") AS "owner" ` +
  `FROM "Part" AS p WHERE p."runId" > $1 GROUP BY p."runId" ORDER BY p."runId" LIMIT ${LOOKED_AT_MAX}`
