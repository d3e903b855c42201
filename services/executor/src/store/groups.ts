import type { Database } from './database.ts'
import { groupStatements } from './group-sql.ts'
import type { LongTexts } from './long-texts.ts'
import type { JournalRecord } from './rows.ts'
import { interactionValues, runValues, stepValues } from './translate.ts'

/** What the journal writes. */
export function groups({ transact, engine }: Database, texts: LongTexts) {
  const statements = groupStatements(engine)
  function isLoose({ run, steps, interactions }: JournalRecord): boolean {
    if (!texts.isKept(run)) return true
    for (const step of steps.values()) if (!texts.isKept(step)) return true
    for (const interaction of interactions.values()) if (!texts.isKept(interaction)) return true
    return false
  }
  async function keepTexts(record: JournalRecord): Promise<void> {
    while (isLoose(record)) {
      const { run, steps, interactions } = record
      for (const row of [run, ...steps.values(), ...interactions.values()]) {
        await texts.keep(run.id, row)
      }
    }
  }
  return {
    isKept: texts.isKept,
    keepTexts,
    async writeGroup(records: JournalRecord[]) {
      for (const record of records) if (isLoose(record)) await keepTexts(record)
      const [written = []] = await transact(
        statements({
          runs: records.map(({ run }) => runValues(texts.toStored(run))),
          steps: records.flatMap(({ run, steps }) =>
            [...steps.values()].map((step) => stepValues(run, texts.toStored(step))),
          ),
          interactions: records.flatMap(({ run, interactions }) =>
            [...interactions.values()].map((interaction) =>
              interactionValues(run, texts.toStored(interaction)),
            ),
          ),
        }),
      )
      return new Set(written.map(({ id }) => String(id)))
    },
  }
}
