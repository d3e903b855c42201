// Describing tools of GitHub's API, the first time and again: node bench/describe.ts
import type { ToolListing } from '@executor/contracts'
import { p50, p95, timeEach } from './harness/load.ts'
import type { Stage } from './harness/stage.ts'
import { runStaged } from './report/measure.ts'
import { atMost, type Row } from './report/row.ts'

/** Tools that are described, spread over the whole API. */
const TOOLS = 150
const ROUNDS = 3

export async function measureDescribe({ owner }: Stage): Promise<Row[]> {
  const listed: ToolListing[] = JSON.parse(await owner.get('/api/tools?integration=github'))
  const step = Math.floor(listed.length / TOOLS)
  const addresses = listed.filter((_, at) => at % step === 0).map(({ address }) => address)
  const describe = (index: number) => {
    const address = addresses[index % addresses.length] ?? ''
    return owner.get(`/api/tools/schema?address=${encodeURIComponent(address)}`)
  }
  const coldMs = await timeEach(addresses.length, describe)
  const warmMs = await timeEach(addresses.length * ROUNDS, describe)
  return [
    atMost("describe a tool of GitHub's API, cold, p50", p50(coldMs), 'ms', 20),
    atMost("describe a tool of GitHub's API, cold, p95", p95(coldMs), 'ms'),
    atMost("describe a tool of GitHub's API, warm, p50", p50(warmMs), 'ms', 3),
  ]
}

if (import.meta.main) await runStaged(measureDescribe)
