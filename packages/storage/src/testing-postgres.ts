import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { invariant } from '@executor/contracts'
import { SERVER_FILE, testConfig } from './testing.config.ts'

const START_TIMEOUT_MS = 60_000
const POLL_MS = 50

export interface PostgresServer {
  /** A database of the superuser, from which others are made. */
  url: string
  stop(): Promise<void>
}

/** The given server; the container that the run's test processes share; or one of our own. */
export async function startPostgres(): Promise<PostgresServer> {
  const { postgresUrl, sharedFolder } = testConfig
  const leave = async () => {}
  if (postgresUrl !== undefined) return { url: postgresUrl, stop: leave }
  if (sharedFolder === undefined) return startContainer()
  return { url: await joinShared(sharedFolder), stop: leave }
}

async function joinShared(folder: string): Promise<string> {
  const file = join(folder, SERVER_FILE)
  try {
    // Whoever makes the folder starts the server.
    await mkdir(join(folder, 'starting'))
  } catch {
    return waitForUrl(file)
  }
  const { url, containerId } = await startContainer()
  await writeFile(`${file}.part`, JSON.stringify({ url, containerId }))
  await rename(`${file}.part`, file)
  return url
}

async function waitForUrl(file: string): Promise<string> {
  const deadline = Date.now() + START_TIMEOUT_MS
  while (Date.now() < deadline) {
    const text = await readFile(file, 'utf8').catch(() => null)
    if (text !== null) return JSON.parse(text).url
    await sleep(POLL_MS)
  }
  invariant(false, 'the PostgreSQL container that another test file started is not up in time')
}

async function startContainer(): Promise<PostgresServer & { containerId: string }> {
  const { GenericContainer, Wait } = await import('testcontainers')
  // Nobody misses the data of a test.
  const command =
    '-c listen_addresses=* -c max_connections=400 -c fsync=off -c full_page_writes=off'
  const container = await new GenericContainer(testConfig.postgresImage)
    .withEnvironment({ POSTGRES_PASSWORD: 'test' })
    .withCommand(['postgres', ...command.split(' ')])
    .withTmpFs({ '/var/lib/postgresql/data': 'rw' })
    .withExposedPorts(5432)
    // Over TCP: the server that makes the database during a first start listens on a socket alone.
    .withWaitStrategy(Wait.forSuccessfulCommand('pg_isready -h 127.0.0.1 -U postgres'))
    .withStartupTimeout(START_TIMEOUT_MS)
    .start()
  const address = `${container.getHost()}:${container.getMappedPort(5432)}`
  return {
    url: `postgresql://postgres:test@${address}/postgres`,
    containerId: container.getId(),
    stop: async () => {
      await container.stop()
    },
  }
}
