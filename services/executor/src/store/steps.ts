import type { Database } from './database.ts'
import { fromStep } from './translate.ts'

/** What a step was given, by its length. */
interface GivenRow {
  position: number | bigint
  bytes: number | bigint | null
  failure: string | null
}

/** The calls of a run. */
export function steps({ client }: Database) {
  const lengths =
    `SELECT "position", octet_length("result") AS "bytes", ` +
    `CASE WHEN "ok" = false THEN "result" END AS "failure" FROM "Step" WHERE "runId" = $1`
  return {
    async listSteps(runId: string) {
      const rows = await client.step.findMany({ where: { runId }, orderBy: { position: 'asc' } })
      return rows.map(fromStep)
    },
    async listShownSteps(runId: string) {
      const rows = await client.step.findMany({
        where: { runId },
        omit: { result: true },
        orderBy: { position: 'asc' },
      })
      const given = await client.$queryRawUnsafe<GivenRow[]>(lengths, runId)
      const byPosition = new Map(given.map((row) => [Number(row.position), row]))
      return rows.map((row) => {
        const { bytes = null, failure = null } = byPosition.get(row.position) ?? {}
        const { result: _, ...step } = fromStep({ ...row, result: null })
        return { ...step, resultBytes: bytes === null ? null : Number(bytes), failure }
      })
    },
    async findStep(runId: string, position: number) {
      const row = await client.step.findUnique({ where: { runId_position: { runId, position } } })
      return row && fromStep(row)
    },
  }
}
