import { randomBytes } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findFreePort } from '@executor/bus/testing/ports'
import { createApiClient } from './api-client.ts'
import { EXECUTOR, runExecutor } from './command-line.ts'
import { e2eConfig } from './config.ts'
import type { Disaster, Form, Signal } from './form.ts'
import { ServerProcess } from './server-process.ts'

const KILLED = 'kill -9 of the whole process'
export const LOCAL_DISASTERS: readonly Disaster[] = [
  { name: KILLED, isSlow: false },
  { name: 'a stop and a start', isSlow: true, isGentle: true },
]

export interface LocalForm extends Form {
  readonly dataDir: string
}

/** Starts the local form as a process of its own, on a data directory of its own. */
export async function openLocalForm(env: Record<string, string> = {}): Promise<LocalForm> {
  const dataDir = await mkdtemp(join(tmpdir(), 'executor-e2e-'))
  const port = await findFreePort()
  const origin = `http://127.0.0.1:${port}`
  const ownerToken = `owner-${randomBytes(24).toString('hex')}`
  const agentToken = `agent-${randomBytes(24).toString('hex')}`
  const server = new ServerProcess({
    name: 'local',
    args: [EXECUTOR, 'web', '--foreground'],
    env: {
      HOME: dataDir,
      PORT: String(port),
      EXECUTOR_DATA_DIR: dataDir,
      EXECUTOR_AUTH_TOKEN: ownerToken,
      EXECUTOR_AGENT_TOKEN: agentToken,
      EXECUTOR_LOG_LEVEL: e2eConfig.logLevel,
      ...env,
    },
    healthUrl: `${origin}/api/health`,
  })
  await server.start()
  const client = createApiClient(origin, ownerToken)

  async function restart(signal: Signal): Promise<void> {
    await server.end(signal)
    await server.start()
  }
  return {
    name: 'local',
    origin,
    doors: [origin],
    ownerToken,
    agentToken,
    dataDir,
    workers: [server],
    processes: [server],
    strike: (disaster) => restart(disaster === KILLED ? 'SIGKILL' : 'SIGTERM'),
    api: client.api,
    command: (...words) => runExecutor(words, { HOME: dataDir, EXECUTOR_DATA_DIR: dataDir }),
    restart,
    log: () => server.log,
    readKept: () => readTree(dataDir),
    async close() {
      await server.end('SIGKILL')
      await client.close()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

async function readTree(directory: string): Promise<Buffer> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile())
  return Buffer.concat(
    await Promise.all(files.map((file) => readFile(join(file.parentPath, file.name)))),
  )
}
