// Importing GitHub's REST description and connecting an account: node bench/import-github.ts
import { longestMeanwhile } from './harness/bystander.ts'
import { connect, importDescription } from './harness/github.ts'
import { readCpuSeconds } from './harness/process-tree.ts'
import { askedForm, openStage, type Stage } from './harness/stage.ts'
import { median } from './harness/statistics.ts'
import { runFresh } from './report/measure.ts'
import { atMost, type Row } from './report/row.ts'

const ROUNDS = 3

interface Import {
  ms: number
  cpuMs: number
  longestOtherMs: number
}

/** Everybody imports for the first time: every round has a form of its own. */
export async function measureImportGithub(): Promise<Row[]> {
  const imports: Import[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    const stage = await openStage(askedForm())
    try {
      imports.push(await importGithub(stage))
    } finally {
      await stage.close()
    }
  }
  return toRows(imports)
}

/** Imports into a form on which nothing happened yet, and leaves it connected. */
export async function measureOneImport(stage: Stage): Promise<Row[]> {
  return toRows([await importGithub(stage)])
}

async function importGithub(stage: Stage): Promise<Import> {
  const { form } = stage
  let ms = 0
  const cpuBefore = readCpuSeconds(form.pids)
  const longestOtherMs = await longestMeanwhile(form, async () => {
    const startedMs = performance.now()
    await importDescription(stage, 'github')
    await connect(stage, 'github')
    ms = performance.now() - startedMs
  })
  return { ms, longestOtherMs, cpuMs: (readCpuSeconds(form.pids) - cpuBefore) * 1000 }
}

function toRows(imports: readonly Import[]): Row[] {
  const typical = (field: keyof Import) => median(imports.map((one) => one[field]))
  return [
    atMost("import GitHub's REST description and connect", typical('ms'), 'ms', 800),
    atMost('  processor time of it', typical('cpuMs'), 'ms'),
    atMost('  longest other request meanwhile', typical('longestOtherMs'), 'ms', 50),
  ]
}

if (import.meta.main) await runFresh(measureImportGithub)
