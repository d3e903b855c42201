import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type AnyMethod, type Bus, createInProcessBus } from '@executor/bus'
import {
  type AuthMethod,
  catalog,
  connectionChanged,
  connections,
  executor,
  type HealthCheckResult,
  type HealthCheckSpec,
  type Input,
  type Integration,
  type Output,
  type Principal,
  policy,
  ServiceError,
} from '@executor/contracts'
import { createEgress } from '@executor/egress'
import { onTestFinished } from 'vitest'
import { openMasterKeys } from '../src/master-keys.ts'
import type { CredentialProvider } from '../src/providers/provider.ts'
import { createProviders, type Providers, registerProviders } from '../src/providers/registry.ts'
import { createConnections } from '../src/service.ts'
import { openStore, type Store } from '../src/store.ts'
import { createVault } from '../src/vault.ts'

export const SECRET_KEY = '00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff'
const START = 1_750_000_000_000

export const alice: Principal = {
  tenant: 'acme',
  subject: 'alice',
  roles: ['admin'],
  via: 'rest',
}
export const bob: Principal = { tenant: 'acme', subject: 'bob', roles: ['member'], via: 'rest' }
export const mallory: Principal = {
  tenant: 'other',
  subject: 'alice',
  roles: ['owner'],
  via: 'rest',
}
export const agent: Principal = { tenant: 'acme', subject: 'alice', roles: ['agent'], via: 'mcp' }
export const machine: Principal = { tenant: 'acme', subject: '', roles: ['admin'], via: 'system' }

export const bearer: AuthMethod = {
  slug: 'bearer',
  kind: 'apikey',
  placements: [{ carrier: 'header', name: 'Authorization', prefix: 'Bearer ' }],
  origin: 'detected',
}
export const basic: AuthMethod = {
  slug: 'basic',
  kind: 'apikey',
  placements: [
    {
      carrier: 'header',
      name: 'Authorization',
      prefix: 'Basic ',
      basic: { username: 'username', password: 'password' },
    },
  ],
  origin: 'detected',
}
export const twoKeys: AuthMethod = {
  slug: 'two-keys',
  kind: 'apikey',
  placements: [
    { carrier: 'header', name: 'DD-API-KEY', variable: 'apiKey' },
    { carrier: 'query', name: 'application_key', variable: 'applicationKey' },
  ],
  origin: 'detected',
}

export function anIntegration(slug: string, given: Partial<Integration> = {}): Integration {
  return {
    slug,
    name: slug,
    description: '',
    kind: 'openapi',
    canRemove: true,
    canRefresh: true,
    authMethods: [bearer, basic, twoKeys],
    toolCount: 3,
    createdAt: START,
    updatedAt: START,
    revision: '1',
    review: 'none',
    refreshEveryMs: null,
    heldCount: 0,
    ...given,
  }
}

export interface WorldOptions {
  url?: string
  variables?: Record<string, string>
  clientDocument?: string
  providers?: (store: Store) => CredentialProvider[]
  /** Stands in for other processes and their timing. */
  store?: Partial<Store>
}

/** The service on a real store and the in-process bus, among neighbours that answer their contracts. */
export async function openWorld(options: WorldOptions = {}) {
  const clock = { now: START }
  const log = createLogRecorder()
  const store = await openStore(options.url ?? `file:${join(await aFolder(), 'connections.db')}`)
  const net = createInProcessBus({ onError: (error) => log.error({ error }, 'handler failed') })
  onTestFinished(async () => {
    await net.close()
    await store.close()
  })
  const neighbours = await serveNeighbours(net.connect)
  let id = 0
  const providers = await toProviders(store, options, { log, clock })
  const egress = createEgress({ allowLocalNetwork: 'loopback' })
  onTestFinished(() => egress.close())
  const handlers = createConnections({
    egress,
    allowLocalNetwork: 'loopback',
    clientDocument: options.clientDocument ?? null,
    store: { ...store, ...options.store },
    providers,
    bus: net.connect('connections'),
    log,
    clock: () => clock.now,
    newId: () => `id-${(++id).toString()}`,
  })
  await net.connect('connections').serve(connections, handlers)
  const gateway = net.connect('gateway')
  const events: unknown[] = []
  await gateway.subscribe(connectionChanged, (event) => void events.push(event))
  const runner = net.connect('executor')
  return {
    ...neighbours,
    store,
    providers,
    events,
    clock,
    log,
    handlers,
    /** Asks as the gateway does for somebody. */
    ask: <M extends AnyMethod>(method: M, input: Input<M>, principal = alice): Promise<Output<M>> =>
      gateway.request(method, input, { principal }),
    /** Asks as another service does. */
    askInside: <M extends AnyMethod>(
      method: M,
      input: Input<M>,
      principal = alice,
    ): Promise<Output<M>> => runner.request(method, input, { principal }),
  }
}
export type World = Awaited<ReturnType<typeof openWorld>>

export async function aFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'executor-connections-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/** A connection with one bearer token. */
export function aConnection(given: Partial<Input<typeof connections.createConnection>> = {}) {
  return {
    owner: 'org' as const,
    name: 'work',
    integration: 'github',
    template: 'bearer',
    ...(given.values || given.from || given.template === 'none' ? {} : { value: 'hunter2-token' }),
    ...given,
  }
}

export function createLogRecorder() {
  const lines: { level: string; fields: object; message: string }[] = []
  const at = (level: string) => (fields: object, message: string) =>
    void lines.push({ level, fields, message })
  return { lines, info: at('info'), warn: at('warn'), error: at('error') }
}

async function toProviders(
  store: Store,
  { providers, variables = {} }: WorldOptions,
  { log, clock }: { log: ReturnType<typeof createLogRecorder>; clock: { now: number } },
): Promise<Providers> {
  if (providers) return createProviders(providers(store))
  const keys = await openMasterKeys({ secretKey: SECRET_KEY }, { rows: store, log })
  return registerProviders({
    rows: store,
    vault: createVault(keys),
    environment: { variables },
    clock: () => clock.now,
    log,
  })
}

async function serveNeighbours(connect: (name: string) => Bus) {
  const integrations = new Map([['github', anIntegration('github')]])
  const healthChecks = new Map<string, HealthCheckSpec>()
  const probes: Input<typeof executor.probeCredential>[] = []
  const removedRules: { integration: string; owner: string; connection: string }[] = []
  const answers = {
    probe: async (): Promise<HealthCheckResult> => ({
      status: 'healthy',
      httpStatus: 200,
      checkedAt: START,
    }),
    removeRules: async (): Promise<{ removed: number }> => ({ removed: 0 }),
  }
  const { getIntegration, getHealthCheck } = catalog
  await connect('catalog').serve(
    { service: 'catalog', methods: { getIntegration, getHealthCheck } },
    {
      getIntegration: ({ slug }) => {
        const integration = integrations.get(slug)
        if (integration) return integration
        throw new ServiceError('not_found', 'integration_unknown', `No integration "${slug}".`)
      },
      getHealthCheck: ({ slug }) => healthChecks.get(slug) ?? null,
    },
  )
  const { probeCredential } = executor
  await connect('executor').serve(
    { service: 'executor', methods: { probeCredential } },
    {
      probeCredential: (input) => {
        probes.push(input)
        return answers.probe()
      },
    },
  )
  const { removeConnectionRules } = policy
  await connect('policy').serve(
    { service: 'policy', methods: { removeConnectionRules } },
    {
      removeConnectionRules: (input) => {
        removedRules.push(input)
        return answers.removeRules()
      },
    },
  )
  return { integrations, healthChecks, probes, removedRules, answers }
}
