// One tool call through REST beside the same call made directly: node bench/call.ts
import { Agent, request } from 'undici'
import { READ_ARGUMENTS, READ_REPOSITORY } from './harness/github.ts'
import { inTurns, load, p50, p95, timeEach } from './harness/load.ts'
import { readCpuSeconds } from './harness/process-tree.ts'
import type { Stage } from './harness/stage.ts'
import { median } from './harness/statistics.ts'
import { runStaged } from './report/measure.ts'
import { atLeast, atMost, type Row } from './report/row.ts'

const ROUNDS = 3
const ONE_BY_ONE = 700
const IN_FLIGHT = 16
const WARMUP_MS = 1_500
const BUDGETS = { local: { addedMs: 1.5, rate: 3_000 }, cluster: { addedMs: 3, rate: 1_500 } }

export async function measureCalls(stage: Stage): Promise<Row[]> {
  const { form, agent } = stage
  const budget = BUDGETS[form.name]
  const dispatcher = new Agent({ allowH2: false })
  const direct = directCall(stage, dispatcher)
  const ours = () =>
    agent.post('/api/tools/invoke', { address: READ_REPOSITORY, arguments: READ_ARGUMENTS })
  await load(IN_FLIGHT, direct, WARMUP_MS)
  await load(IN_FLIGHT, ours, WARMUP_MS)

  const oursMs: number[] = []
  const { directMs } = await inTurns(ROUNDS, {
    directMs: async () => p50(await timeEach(ONE_BY_ONE, direct)),
    oursMs: async () => oursMs.push(...(await timeEach(ONE_BY_ONE, ours))),
  })
  const cpu: number[] = []
  const rates = await inTurns(ROUNDS, {
    direct: async () => (await load(IN_FLIGHT, direct)).perSecond,
    ours: async () => {
      const before = readCpuSeconds(form.pids)
      const { calls, perSecond } = await load(IN_FLIGHT, ours)
      cpu.push(((readCpuSeconds(form.pids) - before) / calls) * 1e6)
      return perSecond
    },
  })
  await dispatcher.destroy()
  return [
    atMost('direct call with undici, one by one, p50', directMs, 'ms'),
    atMost('tool call through REST, one by one, p50', p50(oursMs), 'ms'),
    atMost('tool call through REST, one by one, p95', p95(oursMs), 'ms'),
    atMost(
      'one tool call through REST, added to the direct call, p50',
      p50(oursMs) - directMs,
      'ms',
      budget.addedMs,
    ),
    atLeast('direct calls/s, 16 in flight', rates.direct, '/s'),
    atLeast('tool calls/s through REST, 16 in flight', rates.ours, '/s', budget.rate),
    atMost('  direct calls/s divided by it', rates.direct / rates.ours, '×'),
    atMost('  processor time of ours per call', median(cpu), 'µs'),
  ]
}

function directCall({ upstream }: Stage, dispatcher: Agent): () => Promise<unknown> {
  const url = `${upstream.origin}/repos/octocat/hello-world`
  const headers = { authorization: 'Bearer a-token-of-somebody', accept: 'application/json' }
  return async () => JSON.parse(await (await request(url, { dispatcher, headers })).body.text())
}

if (import.meta.main) await runStaged(measureCalls)
