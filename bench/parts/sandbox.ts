import { createSandboxPool } from '../../services/executor/src/sandbox/sandbox.ts'

// What the sandbox adds to an execution: `node bench/parts/sandbox.ts`. The host answers at once, so every
// figure is the sandbox's own.

const host = { call: async () => ({ json: '{"ok":true,"data":{"id":1,"name":"first"}}' }) }
const TRIVIAL = 'return 1 + 1'
const ONE_CALL = 'return (await tools.a.org.main.get({ id: 1 })).data'
const PARALLEL =
  'const all = await Promise.all(Array.from({ length: 20 }, (_, id) => tools.a.org.main.get({ id })))\n' +
  'return all.filter((one) => one.ok).length'

const pool = createSandboxPool({ threads: 2 })
const run = (code: string) => pool.run({ code, seed: 'bench', startedAt: Date.now() }, host)

async function measure(code: string, rounds: number): Promise<number[]> {
  const times: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    const start = performance.now()
    await run(code)
    times.push(performance.now() - start)
  }
  return times.sort((a, b) => a - b)
}

function row(name: string, times: number[]): void {
  const at = (share: number) => times[Math.floor(times.length * share)]?.toFixed(2)
  console.log(`${name.padEnd(28)} p50 ${at(0.5)} ms   p95 ${at(0.95)} ms`)
}

const cold = performance.now()
await run(TRIVIAL)
console.log(`first execution, thread start included: ${(performance.now() - cold).toFixed(0)} ms`)
await measure(PARALLEL, 300)
row('trivial code', await measure(TRIVIAL, 2000))
row('one call', await measure(ONE_CALL, 2000))
row('20 parallel calls', await measure(PARALLEL, 500))

const crowd = async (code: string) => Promise.all(Array.from({ length: 100 }, () => run(code)))
await crowd(PARALLEL)
const before = performance.now()
const outcomes = await crowd(PARALLEL)
const failed = outcomes.filter((outcome) => outcome.status !== 'completed').length
console.log(
  `100 executions × 20 calls    ${(performance.now() - before).toFixed(0)} ms, ${failed} failed`,
)
const loop = performance.now()
for (let round = 0; round < 10; round += 1) await crowd(TRIVIAL)
console.log(
  `executions/s, 100 in flight  ${Math.round(1000 / ((performance.now() - loop) / 1000))}`,
)
console.log(`resident memory              ${Math.round(process.memoryUsage.rss() / 2 ** 20)} MiB`)
await pool.close()
