// Tool calls through MCP in passthrough mode: node bench/mcp-calls.ts
import { READ_ARGUMENTS, READ_REPOSITORY } from './harness/github.ts'
import { type Load, load, p50, timeEach } from './harness/load.ts'
import { openMcpClient } from './harness/mcp.ts'
import { readCpuSeconds } from './harness/process-tree.ts'
import type { Stage } from './harness/stage.ts'
import { median } from './harness/statistics.ts'
import { runStaged } from './report/measure.ts'
import { atLeast, atMost, type Row } from './report/row.ts'

const ROUNDS = 3
const IN_FLIGHT = 64
const WARMUP_MS = 1_500

export async function measureMcpCalls({ form }: Stage): Promise<Row[]> {
  const mcp = await openMcpClient(form, 'passthrough')
  const call = () => mcp.callTool('invoke', { path: READ_REPOSITORY, arguments: READ_ARGUMENTS })
  await load(IN_FLIGHT, call, WARMUP_MS)
  const timesMs = await timeEach(500, call)
  const loads: Load[] = []
  const before = readCpuSeconds(form.pids)
  for (let round = 0; round < ROUNDS; round += 1) loads.push(await load(IN_FLIGHT, call))
  const calls = loads.reduce((sum, one) => sum + one.calls, 0)
  const cpuUs = ((readCpuSeconds(form.pids) - before) / calls) * 1e6
  await mcp.close()
  return [
    atMost('tool call through MCP, one by one, p50', p50(timesMs), 'ms'),
    atLeast(
      'MCP calls/s, 64 in flight',
      median(loads.map(({ perSecond }) => perSecond)),
      '/s',
      1_500,
    ),
    atMost('  processor time of ours per call', cpuUs, 'µs'),
  ]
}

if (import.meta.main) await runStaged(measureMcpCalls)
