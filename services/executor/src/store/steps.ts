import type { Database } from './database.ts'
import { findName, type LongTexts, listWhole } from './long-texts.ts'
import type { ShownStepRow } from './rows.ts'
import { fromStep } from './translate.ts'

/** What a step was given, by its length. */
interface GivenRow {
  position: number | bigint
  bytes: number | bigint | null
  /** Where it is in parts, what is written of those. */
  named: string | null
  failure: string | null
}

/** The calls of a run. */
export function steps({ client }: Database, texts: LongTexts) {
  const lengths =
    `SELECT "position", octet_length("result") AS "bytes", ` +
    // Short, as a name is: a longer result is not read to see how it begins.
    `CASE WHEN octet_length("result") < 200 AND "result" LIKE '\u0001%' THEN "result" END AS "named", ` +
    `CASE WHEN "ok" = false THEN "result" END AS "failure" FROM "Step" WHERE "runId" = $1`
  return {
    async listSteps(runId: string) {
      const rows = await client.step.findMany({ where: { runId }, orderBy: { position: 'asc' } })
      return listWhole(rows.map(fromStep), (row) => texts.fromStored(runId, row))
    },
    async listShownSteps(runId: string) {
      const rows = await client.step.findMany({
        where: { runId },
        omit: { result: true },
        orderBy: { position: 'asc' },
      })
      const given = await client.$queryRawUnsafe<GivenRow[]>(lengths, runId)
      const byPosition = new Map(given.map((row) => [Number(row.position), row]))
      return listWhole(rows, async (row): Promise<ShownStepRow | null> => {
        const { bytes = null, named = null, failure = null } = byPosition.get(row.position) ?? {}
        const step = await texts.fromStored(runId, fromStep({ ...row, result: failure }))
        if (!step) return null
        const { result, ...shown } = step
        const length = named === null ? bytes : (findName(named)?.bytes ?? null)
        return { ...shown, resultBytes: length === null ? null : Number(length), failure: result }
      })
    },
    async findStep(runId: string, position: number) {
      const row = await client.step.findUnique({ where: { runId_position: { runId, position } } })
      return row && texts.fromStored(runId, fromStep(row))
    },
  }
}
