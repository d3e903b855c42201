import { benchConfig } from '../harness/config.ts'
import { connectGithub } from '../harness/github.ts'
import { askedForm, openStage, type Stage } from '../harness/stage.ts'
import type { Row } from './row.ts'
import { toTable } from './table.ts'

/** Measures on a form that has GitHub's API connected. */
export type StagedMeasure = (stage: Stage) => Promise<Row[]>
/** Measures on forms of its own, on which nothing happened yet. */
export type FreshMeasure = () => Promise<Row[]>

/** One measurement as a program of its own. */
export async function runFresh(measure: FreshMeasure): Promise<void> {
  print(await measure())
}

export async function runStaged(measure: StagedMeasure): Promise<void> {
  const stage = await openStage(askedForm())
  try {
    await connectGithub(stage)
    print(await measure(stage))
  } finally {
    await stage.close()
  }
}

export function print(rows: readonly Row[]): void {
  const text = benchConfig.isJson ? JSON.stringify(rows, null, 2) : toTable(rows)
  process.stdout.write(`${text}\n`)
}
