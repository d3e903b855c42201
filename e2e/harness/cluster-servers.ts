import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { findFreePort } from '@executor/bus/testing/ports'
import { invariant } from '@executor/contracts'
import { GenericContainer, getContainerRuntimeClient, Wait } from 'testcontainers'
import { disableReaper, e2eConfig } from './config.ts'
import { ROOT } from './server-process.ts'
import { eventually } from './waiting.ts'

export const SERVICES = ['catalog', 'connections', 'policy', 'executor', 'gateway'] as const
export type ServiceName = (typeof SERVICES)[number]

const NATS_PORT = 4222
const POSTGRES_PORT = 5432
const NATS_CONFIG = '/etc/nats/executor.conf'
const START_MS_MAX = 60_000

/** NATS and PostgreSQL as docker-compose.yml starts them, one of each for a whole run of journeys. */
export interface ClusterServers {
  nats: ClusterServer
  postgres: ClusterServer
  natsPasswords: Record<string, string>
  databasePasswords: Record<string, string>
}

export interface ClusterServer {
  /** Of its container. */
  id: string
  host: string
  port: number
}

declare module 'vitest' {
  interface ProvidedContext {
    /** Null where there is no Docker, or nobody asked for the cluster form. */
    cluster: ClusterServers | null
  }
}

export async function startClusterServers(): Promise<ClusterServers> {
  disableReaper()
  const natsPasswords = makePasswords()
  const databasePasswords = makePasswords()
  const [nats, postgres] = await Promise.all([
    startNats(natsPasswords),
    startPostgres(databasePasswords),
  ])
  return { nats, postgres, natsPasswords, databasePasswords }
}

/**
 * The same servers at the addresses of their containers, as services beside them reach them: without
 * the proxy that listens on this machine for them. Only where Docker's network is this machine's own.
 */
export async function besideClusterServers(servers: ClusterServers): Promise<ClusterServers> {
  const [nats, postgres] = await Promise.all([
    findHost(servers.nats.id),
    findHost(servers.postgres.id),
  ])
  return {
    ...servers,
    nats: { id: servers.nats.id, host: nats, port: NATS_PORT },
    postgres: { id: servers.postgres.id, host: postgres, port: POSTGRES_PORT },
  }
}

export async function removeClusterServers({ nats, postgres }: ClusterServers): Promise<void> {
  for (const { id } of [nats, postgres])
    await (await findContainer(id)).remove({ force: true, v: true })
}

/** A fixed port: Docker gives a container that starts again another one otherwise. */
async function startNats(passwords: Record<string, string>): Promise<ClusterServer> {
  const port = await findFreePort()
  const container = await new GenericContainer(e2eConfig.natsImage)
    .withExposedPorts({ container: NATS_PORT, host: port })
    .withCopyFilesToContainer([{ source: join(ROOT, 'infra/nats/nats.conf'), target: NATS_CONFIG }])
    .withCommand(['nats-server', '--config', NATS_CONFIG])
    .withEnvironment(toEnvironment('NATS', passwords))
    .withWaitStrategy(Wait.forLogMessage('Server is ready'))
    .start()
  return { id: container.getId(), host: '127.0.0.1', port }
}

async function startPostgres(passwords: Record<string, string>): Promise<ClusterServer> {
  const port = await findFreePort()
  const container = await new GenericContainer(e2eConfig.postgresImage)
    .withExposedPorts({ container: POSTGRES_PORT, host: port })
    .withCopyFilesToContainer([
      {
        source: join(ROOT, 'infra/postgres/databases.sh'),
        target: '/docker-entrypoint-initdb.d/databases.sh',
      },
    ])
    .withEnvironment({
      POSTGRES_USER: 'postgres',
      POSTGRES_DB: 'postgres',
      POSTGRES_PASSWORD: `p${randomBytes(16).toString('hex')}`,
      ...toEnvironment('POSTGRES', passwords),
    })
    .withWaitStrategy(Wait.forSuccessfulCommand(READY))
    .withStartupTimeout(START_MS_MAX)
    .start()
  return { id: container.getId(), host: '127.0.0.1', port }
}

/** Over TCP: the server that makes the databases during a first start listens on a socket alone. */
const READY = 'pg_isready -h 127.0.0.1 -U postgres && psql -U postgres -d executor -c "SELECT 1"'

/** Each service's database empty again, its role as it was. */
export async function emptyDatabases({ postgres }: ClusterServers): Promise<void> {
  for (const name of Object.keys(makePasswords())) {
    if (name === 'gateway') continue
    const statements = [
      `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`,
      `CREATE DATABASE ${name} OWNER ${name}`,
      `REVOKE CONNECT ON DATABASE ${name} FROM PUBLIC`,
    ]
    await runIn(postgres.id, [
      'psql',
      '-U',
      'postgres',
      '-v',
      'ON_ERROR_STOP=1',
      ...statements.flatMap((sql) => ['-c', sql]),
    ])
  }
}

/** What a command inside a container prints. */
export async function runIn(id: string, command: string[]): Promise<string> {
  const { container } = await getContainerRuntimeClient()
  const { exitCode, output } = await container.exec(container.getById(id), command)
  invariant(exitCode === 0, `${command.join(' ')} failed: ${output}`)
  return output
}

/** Takes a server away for a while, as an operator does or as a crash would; its data stays. */
export async function interrupt(
  server: { id: string },
  { ms, isCrash, isReady }: { ms: number; isCrash: boolean; isReady: () => Promise<boolean> },
): Promise<void> {
  const container = await findContainer(server.id)
  if (isCrash) await container.kill()
  else await container.stop({ t: 5 })
  await sleep(ms)
  await container.start()
  await eventually('the server is up again', isReady)
}

async function findHost(id: string): Promise<string> {
  const { NetworkSettings } = await (await findContainer(id)).inspect()
  const host = NetworkSettings.Networks.bridge?.IPAddress
  invariant(host, 'a container has an address')
  return host
}

async function findContainer(id: string) {
  disableReaper()
  const { container } = await getContainerRuntimeClient()
  return container.getById(id)
}

/** Letters and digits, beginning with a letter, as infra/setup makes them. */
function makePasswords(): Record<string, string> {
  return Object.fromEntries(SERVICES.map((name) => [name, `p${randomBytes(16).toString('hex')}`]))
}

function toEnvironment(prefix: string, passwords: Record<string, string>): Record<string, string> {
  const named = Object.entries(passwords).map(([name, password]) => [
    `${prefix}_${name.toUpperCase()}_PASSWORD`,
    password,
  ])
  return Object.fromEntries(named)
}
