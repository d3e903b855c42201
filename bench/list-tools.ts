// Every tool of GitHub's API in one list: node bench/list-tools.ts
import { invariant } from '@executor/contracts'
import { p50, p95, timeEach } from './harness/load.ts'
import type { Stage } from './harness/stage.ts'
import { runStaged } from './report/measure.ts'
import { atMost, type Row } from './report/row.ts'

const WARMUP = 20
const COUNT = 100

export async function measureListTools({ owner }: Stage): Promise<Row[]> {
  const list = () => owner.get('/api/tools?integration=github')
  const { length }: unknown[] = JSON.parse(await list())
  invariant(length > 1_000, 'GitHub has tools')
  await timeEach(WARMUP, list)
  const timesMs = await timeEach(COUNT, list)
  return [
    atMost(`list ${length.toLocaleString('en')} tools, p50`, p50(timesMs), 'ms', 8),
    atMost(`list ${length.toLocaleString('en')} tools, p95`, p95(timesMs), 'ms'),
  ]
}

if (import.meta.main) await runStaged(measureListTools)
