// Agent code through MCP `execute`, and through REST: node bench/execute.ts
import { invariant } from '@executor/contracts'
import { READ_ARGUMENTS, READ_REPOSITORY } from './harness/github.ts'
import { p50, p95, timeEach } from './harness/load.ts'
import { openMcpClient } from './harness/mcp.ts'
import { readCpuSeconds } from './harness/process-tree.ts'
import type { Stage } from './harness/stage.ts'
import { runStaged } from './report/measure.ts'
import { atMost, type Row } from './report/row.ts'

const WARMUP = 50
const CALL = `tools.${READ_REPOSITORY}(${JSON.stringify(READ_ARGUMENTS)})`
const PROGRAMS = [
  { name: 'trivial code', code: 'return 42', answer: '42', count: 300, budgetMs: 2 },
  {
    name: 'one call',
    code: `return (await ${CALL}).data.id`,
    answer: '1296269',
    count: 300,
    budgetMs: 4,
  },
  {
    name: '20 parallel calls',
    code: `const all = await Promise.all(Array.from({ length: 20 }, () => ${CALL}))\nreturn all.filter((one) => one.ok).length`,
    answer: '20',
    count: 100,
    budgetMs: 12,
  },
]

export async function measureExecute({ form, agent }: Stage): Promise<Row[]> {
  const mcp = await openMcpClient(form, 'code')
  const rows: Row[] = []
  for (const { name, code, answer, count, budgetMs } of PROGRAMS) {
    const execute = async () => {
      const text = await mcp.callTool('execute', { code })
      invariant(text.includes(answer), `${name} answers ${text.slice(0, 500)}`)
    }
    await timeEach(WARMUP, execute)
    const before = readCpuSeconds(form.pids)
    const timesMs = await timeEach(count, execute)
    const cpuMs = ((readCpuSeconds(form.pids) - before) / timesMs.length) * 1000
    rows.push(
      atMost(`MCP execute, ${name}, p50`, p50(timesMs), 'ms', budgetMs),
      atMost(`MCP execute, ${name}, p95`, p95(timesMs), 'ms'),
      atMost('  processor time of ours per execution', cpuMs, 'ms'),
    )
  }
  await mcp.close()
  const [trivial] = PROGRAMS
  const overRest = () => agent.post('/api/executions', { code: trivial?.code })
  await timeEach(WARMUP, overRest)
  const timesMs = await timeEach(200, overRest)
  return [...rows, atMost('REST execution, trivial code, p50', p50(timesMs), 'ms')]
}

if (import.meta.main) await runStaged(measureExecute)
