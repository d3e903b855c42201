import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findFreePort } from '@executor/bus/testing/ports'
import { ServerProcess } from '../../e2e/harness/server-process.ts'
import { benchConfig } from './config.ts'
import type { BenchForm } from './form.ts'

export interface LocalPlan {
  /** What Node runs, and with which arguments. */
  args: string[]
  env: Record<string, string>
  origin: string
  dataDir: string
  ownerToken: string
  agentToken: string
}

/** How the local form is started on a data directory that nothing was in before. */
export async function planLocalForm(): Promise<LocalPlan> {
  const dataDir = await mkdtemp(join(tmpdir(), 'executor-bench-'))
  const port = await findFreePort()
  const ownerToken = `owner-${randomBytes(24).toString('hex')}`
  const agentToken = `agent-${randomBytes(24).toString('hex')}`
  return {
    args: [join(benchConfig.dist, 'executor.mjs'), 'web', '--foreground'],
    env: {
      HOME: dataDir,
      NODE_OPTIONS: benchConfig.nodeOptions,
      PORT: String(port),
      EXECUTOR_DATA_DIR: dataDir,
      EXECUTOR_AUTH_TOKEN: ownerToken,
      EXECUTOR_AGENT_TOKEN: agentToken,
    },
    origin: `http://127.0.0.1:${port}`,
    dataDir,
    ownerToken,
    agentToken,
  }
}

/** Starts the local form on a data directory of its own, gone when it is closed. */
export async function openLocalForm(): Promise<BenchForm> {
  const { args, env, origin, dataDir, ownerToken, agentToken } = await planLocalForm()
  const healthUrl = `${origin}/api/health`
  const server = new ServerProcess({ name: 'local', args, env, healthUrl })
  await server.start()
  return {
    name: 'local',
    origin,
    ownerToken,
    agentToken,
    pids: [server.pid],
    async close() {
      await server.end('SIGTERM')
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}
