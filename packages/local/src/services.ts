import { join } from 'node:path'
import type { Lifetime, Log } from '@executor/boot'
import type { InProcessBus } from '@executor/bus'
import { createCatalog } from '@executor/catalog'
import { openStore as openCatalogStore } from '@executor/catalog/store'
import { openConnections } from '@executor/connections'
import { openStore as openConnectionsStore } from '@executor/connections/store'
import { catalog, policy } from '@executor/contracts'
import type { Egress } from '@executor/egress'
import { openExecutor } from '@executor/executor'
import { openStore as openExecutorStore } from '@executor/executor/store'
import { createPolicy } from '@executor/policy'
import { openStore as openPolicyStore } from '@executor/policy/store'
import type { LocalConfig } from './config.ts'

const DAY_MS = 24 * 60 * 60 * 1000
const SANDBOX_THREADS = 2

export interface ServiceDeps {
  config: LocalConfig
  bus: InProcessBus
  egress: Egress
  log: Log
  lifetime: Lifetime
  /** Known once the gateway listens. */
  webBaseUrl: () => string
}

/** Opens the four services behind the gateway, each on its own database in the data directory. */
export async function openServices(deps: ServiceDeps): Promise<void> {
  await Promise.all([openPolicy(deps), openCredentials(deps), openCatalog(deps)])
  await openExecutions(deps)
}

async function openPolicy({ config, bus, lifetime }: ServiceDeps): Promise<void> {
  const store = lifetime.own(await openPolicyStore(databaseUrl(config, 'policy')))
  const own = bus.connect('policy')
  await own.serve(policy, createPolicy({ store, bus: own, clock: Date.now }))
}

async function openCredentials({ config, bus, egress, log, lifetime }: ServiceDeps): Promise<void> {
  const store = lifetime.own(await openConnectionsStore(databaseUrl(config, 'connections')))
  lifetime.own(
    await openConnections({
      store,
      bus: bus.connect('connections'),
      egress,
      allowLocalNetwork: config.allowLocalNetwork,
      clientDocument: config.oauthClientDocument,
      log,
      keys: {
        secretKey: config.secretKey,
        previousSecretKey: config.previousSecretKey,
        directory: config.dataDir,
      },
      environment: { variables: config.credentialVariables },
    }),
  )
}

async function openCatalog({ config, bus, egress, log, lifetime }: ServiceDeps): Promise<void> {
  const store = lifetime.own(await openCatalogStore(databaseUrl(config, 'catalog')))
  const own = bus.connect('catalog')
  const service = createCatalog({
    store,
    bus: own,
    egress,
    refreshEveryMsMin: config.refreshEveryMsMin,
    onError: (error, context) => log.error({ err: error, ...context }, 'background work failed'),
  })
  lifetime.own(service)
  await own.serve(catalog, service.handlers)
  await service.follow()
}

async function openExecutions({ config, bus, egress, log, lifetime, webBaseUrl }: ServiceDeps) {
  const store = lifetime.own(await openExecutorStore(databaseUrl(config, 'executor')))
  lifetime.own(
    await openExecutor({
      store,
      bus: bus.connect('executor'),
      egress,
      elicitationMode: config.elicitationMode,
      interactionTtlMs: config.approvalDays * DAY_MS,
      retentionMs: config.retentionDays * DAY_MS,
      webBaseUrl,
      sandboxThreads: SANDBOX_THREADS,
      stdioEnvironment: config.stdioEnvironment,
      log,
      onError: (error, context) => log.error({ err: error, ...context }, 'run failed on our side'),
    }),
  )
}

function databaseUrl({ dataDir }: LocalConfig, service: string): string {
  return `file:${join(dataDir, `${service}.db`)}`
}
