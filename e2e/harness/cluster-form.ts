import { randomBytes } from 'node:crypto'
import { connect } from 'node:net'
import { findFreePort } from '@executor/bus/testing/ports'
import { createApiClient } from './api-client.ts'
import {
  type ClusterServers,
  emptyDatabases,
  interrupt,
  runIn,
  type ServiceName,
} from './cluster-servers.ts'
import { runExecutor } from './command-line.ts'
import { e2eConfig } from './config.ts'
import type { Disaster, Form, Signal } from './form.ts'
import { ServerProcess } from './server-process.ts'

const OUTAGE_MS = 10_000

export const CLUSTER_DISASTERS = [
  { name: 'kill -9 of one worker', isSlow: false },
  { name: 'kill -9 of every worker', isSlow: false },
  { name: 'kill -9 of every process', isSlow: true },
  { name: 'kill -9 of the gateway', isSlow: true, isGentle: true },
  { name: 'a stop of one worker', isSlow: true, isGentle: true },
  { name: 'ten seconds without NATS', isSlow: true, isGentle: true },
  { name: 'ten seconds without PostgreSQL', isSlow: true, isGentle: true },
] as const satisfies readonly Disaster[]

export interface ClusterForm extends Form {
  /** How many runs each worker has taken up, by the worker's own id. */
  countRunsByWorker(): Promise<number[]>
}

/** Starts the cluster form: every service a process, on the environment that docker-compose.yml gives it. */
export async function openClusterForm(
  servers: ClusterServers,
  { workerCount = 3, env = {} }: { workerCount?: number; env?: Record<string, string> } = {},
): Promise<ClusterForm> {
  await emptyDatabases(servers)
  const port = await findFreePort()
  const origin = `http://127.0.0.1:${port}`
  const ownerToken = `owner-${randomBytes(24).toString('hex')}`
  const agentToken = `agent-${randomBytes(24).toString('hex')}`
  const shared = { ...environment(servers, origin), ...env }
  const own: Partial<Record<ServiceName, Record<string, string>>> = {
    connections: { EXECUTOR_SECRET_KEY: `k${randomBytes(32).toString('hex')}` },
    gateway: {
      PORT: String(port),
      EXECUTOR_AUTH_TOKEN: ownerToken,
      EXECUTOR_AGENT_TOKEN: agentToken,
    },
  }
  const plan = async (service: ServiceName, name: string = service) =>
    planService(service, { name, servers, env: { ...shared, ...own[service] } })
  const backs = await Promise.all([plan('catalog'), plan('connections'), plan('policy')])
  const workers = await Promise.all(
    Array.from({ length: workerCount }, (_, index) => plan('executor', `executor-${index + 1}`)),
  )
  const gateway = await plan('gateway')
  const otherPort = await findFreePort()
  const otherGateway = await planService('gateway', {
    name: 'gateway-2',
    servers,
    env: { ...shared, ...own.gateway, PORT: String(otherPort) },
  })
  const processes = [...backs, ...workers, gateway, otherGateway]
  const startAll = () => Promise.all(processes.map((one) => one.start()))
  const end = (some: ServerProcess[], signal: Signal) =>
    Promise.all(some.map((one) => one.end(signal)))
  await startAll()
  const client = createApiClient(origin, ownerToken)

  async function restart(signal: Signal, some = processes): Promise<void> {
    await end(some, signal)
    await startAll()
  }
  const strikes: Record<(typeof CLUSTER_DISASTERS)[number]['name'], () => Promise<void>> = {
    'kill -9 of one worker': () => restart('SIGKILL', workers.slice(0, 1)),
    'kill -9 of every worker': () => restart('SIGKILL', workers),
    'kill -9 of every process': () => restart('SIGKILL'),
    'kill -9 of the gateway': () => restart('SIGKILL', [gateway]),
    'a stop of one worker': () => restart('SIGTERM', workers.slice(0, 1)),
    'ten seconds without NATS': outage(servers.nats),
    'ten seconds without PostgreSQL': outage(servers.postgres),
  }
  return {
    name: 'cluster',
    origin,
    doors: [origin, `http://127.0.0.1:${otherPort}`],
    ownerToken,
    agentToken,
    workers,
    processes,
    strike: (disaster) => strikes[disaster as keyof typeof strikes](),
    api: client.api,
    command: (...words) =>
      runExecutor([...words, '--base-url', origin], { EXECUTOR_API_KEY: ownerToken }),
    restart,
    log: () => processes.map((one) => one.log).join(''),
    async readKept() {
      const dump = await runIn(servers.postgres.id, ['pg_dumpall', '-U', 'postgres'])
      const queued = await runIn(servers.nats.id, ['sh', '-c', 'find /data -type f -exec cat {} +'])
      return Buffer.from(dump + queued)
    },
    async countRunsByWorker() {
      const sql = 'SELECT count(*) FROM "Run" WHERE "holder" IS NOT NULL GROUP BY "holder"'
      const rows = await runIn(servers.postgres.id, [
        'psql',
        '-U',
        'postgres',
        '-d',
        'executor',
        '-At',
        '-c',
        sql,
      ])
      return rows.trim().split('\n').map(Number)
    },
    async close() {
      await end(processes, 'SIGKILL')
      await client.close()
    },
  }
}

/** What compose gives to every service; the upstreams of journeys listen on loopback. */
function environment({ nats }: ClusterServers, origin: string): Record<string, string> {
  return {
    NATS_URL: `nats://${nats.host}:${nats.port}`,
    EXECUTOR_LOG_LEVEL: e2eConfig.logLevel,
    EXECUTOR_WEB_BASE_URL: origin,
    EXECUTOR_ALLOW_LOCAL_NETWORK: 'loopback',
    EXECUTOR_ELICITATION_MODE: 'browser',
  }
}

async function planService(
  service: ServiceName,
  { name, servers, env }: { name: string; servers: ClusterServers; env: Record<string, string> },
): Promise<ServerProcess> {
  const healthPort = await findFreePort()
  const password = servers.databasePasswords[service]
  const database =
    service === 'gateway'
      ? {}
      : {
          DATABASE_URL: `postgresql://${service}:${password}@${servers.postgres.host}:${servers.postgres.port}/${service}`,
        }
  return new ServerProcess({
    name,
    args: [
      e2eConfig.isBundled ? `dist/services/${service}.mjs` : `services/${service}/src/main.ts`,
    ],
    env: {
      ...env,
      ...database,
      NATS_PASSWORD: servers.natsPasswords[service] ?? '',
      EXECUTOR_HEALTH_PORT: String(healthPort),
    },
    healthUrl: `http://127.0.0.1:${healthPort}/health`,
  })
}

/** Stopped the first time, crashed the second, and so on. */
function outage(server: { id: string; port: number }): () => Promise<void> {
  let times = 0
  return () =>
    interrupt(server, {
      ms: OUTAGE_MS,
      isCrash: times++ % 2 === 1,
      isReady: () => accepts(server.port),
    })
}

/** Docker itself listens on a container's port: only a server that stays on the line is there. */
function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    const settle = (answer: boolean) => {
      socket.destroy()
      resolve(answer)
    }
    socket.once('connect', () => setTimeout(() => settle(true), 200))
    socket.once('close', () => settle(false))
    socket.once('error', () => settle(false))
  })
}
