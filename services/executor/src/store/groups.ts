import type { Database } from './database.ts'
import { groupStatements } from './group-sql.ts'
import type { JournalRecord } from './rows.ts'
import { interactionValues, runValues, stepValues } from './translate.ts'

/** What the journal writes. */
export function groups({ transact, engine }: Database) {
  const statements = groupStatements(engine)
  return {
    async writeGroup(records: JournalRecord[]) {
      const [written = []] = await transact(
        statements({
          runs: records.map(({ run }) => runValues(run)),
          steps: records.flatMap(({ run, steps }) =>
            [...steps.values()].map((step) => stepValues(run, step)),
          ),
          interactions: records.flatMap(({ run, interactions }) =>
            [...interactions.values()].map((interaction) => interactionValues(run, interaction)),
          ),
        }),
      )
      return new Set(written.map(({ id }) => String(id)))
    },
  }
}
