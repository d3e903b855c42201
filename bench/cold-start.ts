// From starting the process to the first healthy answer, on a fresh data directory:
// node bench/cold-start.ts
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { invariant } from '@executor/contracts'
import { planLocalForm } from './harness/local-form.ts'
import { isListening } from './harness/probe.ts'
import { readCpuSeconds } from './harness/process-tree.ts'
import { median } from './harness/statistics.ts'
import { runFresh } from './report/measure.ts'
import { atMost, type Row } from './report/row.ts'

const ROUNDS = 7
const POLL_MS = 2
const START_MS_MAX = 30_000

export async function measureColdStart(): Promise<Row[]> {
  const starts: { ms: number; cpuMs: number }[] = []
  for (let round = 0; round < ROUNDS; round += 1) starts.push(await startOnce())
  const node: number[] = []
  for (let round = 0; round < ROUNDS; round += 1) node.push(await startNode())
  return [
    atMost(
      'cold start to healthy, fresh data directory',
      median(starts.map(({ ms }) => ms)),
      'ms',
      500,
    ),
    atMost('  processor time of it', median(starts.map(({ cpuMs }) => cpuMs)), 'ms'),
    atMost('  Node alone, from start to end', median(node), 'ms'),
  ]
}

async function startOnce(): Promise<{ ms: number; cpuMs: number }> {
  const { args, env, origin, dataDir } = await planLocalForm()
  const startedMs = performance.now()
  const child = spawn(process.execPath, args, {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  invariant(child.pid !== undefined, 'the instance starts')
  while (!(await isListening(`${origin}/api/health`))) {
    const isOver = child.exitCode !== null || performance.now() - startedMs > START_MS_MAX
    invariant(!isOver, 'the instance answers')
    await sleep(POLL_MS)
  }
  const ms = performance.now() - startedMs
  const cpuMs = readCpuSeconds([child.pid]) * 1000
  child.kill('SIGTERM')
  await once(child, 'exit')
  await rm(dataDir, { recursive: true, force: true })
  return { ms, cpuMs }
}

/** What any program on Node pays, on this machine and at this load. */
async function startNode(): Promise<number> {
  const startedMs = performance.now()
  await once(spawn(process.execPath, ['-e', '0'], { stdio: 'ignore' }), 'exit')
  return performance.now() - startedMs
}

if (import.meta.main) await runFresh(measureColdStart)
