// Every figure that design.md states a budget for, measured in one run: npm run bench. With --cluster
// the cluster form as well, which needs Docker; with --json for programs.
import { measureCalls } from './call.ts'
import { measureColdStart } from './cold-start.ts'
import { measureDescribe } from './describe.ts'
import { measureExecute } from './execute.ts'
import { isDockerMissing } from './harness/cluster-form.ts'
import { benchConfig } from './harness/config.ts'
import { connectGithub } from './harness/github.ts'
import { openStage, type Stage } from './harness/stage.ts'
import { measureImportGithub, measureOneImport } from './import-github.ts'
import { measureImportGraph } from './import-graph.ts'
import { measureListTools } from './list-tools.ts'
import { measureMcpCalls } from './mcp-calls.ts'
import { measureMcpUpstream } from './mcp-upstream.ts'
import { measureMemory } from './memory.ts'
import { print, type StagedMeasure } from './report/measure.ts'
import { say } from './report/progress.ts'
import type { Row } from './report/row.ts'
import { measureSearch } from './search.ts'

const FRESH = [measureColdStart, measureMemory, measureImportGithub, measureImportGraph]
/** In this order: searching imports a hundred thousand tools. */
const STAGED = [
  measureCalls,
  measureMcpCalls,
  measureMcpUpstream,
  measureExecute,
  measureListTools,
  measureDescribe,
  measureSearch,
]
const ON_CLUSTER = [measureOneImport, measureCalls, measureMcpCalls, measureExecute]

const rows: Row[] = []
for (const measure of FRESH) rows.push(...(await said(measure)))
const local = await openStage('local')
await connectGithub(local)
rows.push(...(await measureOn(local, STAGED)))

if (benchConfig.isCluster) rows.push(...(await measureCluster()))
else say('The cluster form is not measured: add --cluster.')
print(rows)

async function measureCluster(): Promise<Row[]> {
  const stage = await openStage('cluster').catch((error: unknown) => {
    if (!isDockerMissing(error)) throw error
    say('The cluster form is not measured: no Docker engine answers.')
  })
  const measured = stage ? await measureOn(stage, ON_CLUSTER) : []
  return measured.map((row) => ({ ...row, what: `cluster: ${row.what}` }))
}

async function measureOn(stage: Stage, measures: readonly StagedMeasure[]): Promise<Row[]> {
  try {
    const measured: Row[] = []
    for (const measure of measures) measured.push(...(await said(measure, stage)))
    return measured
  } finally {
    await stage.close()
  }
}

/** Runs for minutes, so it says where it is. */
async function said<Given extends unknown[]>(
  measure: (...given: Given) => Promise<Row[]>,
  ...given: Given
): Promise<Row[]> {
  const startedMs = performance.now()
  const measured = await measure(...given)
  say(`${measure.name}: ${((performance.now() - startedMs) / 1000).toFixed(1)} s`)
  return measured
}
