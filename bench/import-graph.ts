// Importing Microsoft Graph, 11,422 operations in 20 MB: node bench/import-graph.ts
import { longestMeanwhile } from './harness/bystander.ts'
import { importDescription } from './harness/github.ts'
import { readMemory } from './harness/process-tree.ts'
import { openStage } from './harness/stage.ts'
import { runFresh } from './report/measure.ts'
import { atMost, type Row } from './report/row.ts'

export async function measureImportGraph(): Promise<Row[]> {
  const stage = await openStage('local')
  try {
    const { form } = stage
    const startedMs = performance.now()
    const longestMs = await longestMeanwhile(form, () => importDescription(stage, 'graph'))
    const ms = performance.now() - startedMs
    return [
      atMost('import Microsoft Graph', ms, 'ms', 5_000),
      atMost('  longest other request meanwhile', longestMs, 'ms'),
      atMost('  peak memory', readMemory(form.pids).peakMib, 'MB', 600),
    ]
  } finally {
    await stage.close()
  }
}

if (import.meta.main) await runFresh(measureImportGraph)
