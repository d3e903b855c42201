import { type AnyContract, type Bus, createInProcessBus, type Handlers } from '@executor/bus'
import {
  catalog,
  connections,
  type Operation,
  type Principal,
  policy,
  RunOutcome,
  ServiceError,
} from '@executor/contracts'
import { createEgress } from '@executor/egress'
import type { ElicitationMode } from '../src/deps.ts'
import type { Protocol } from '../src/protocols/protocol.ts'
import { openExecutor } from '../src/service.ts'
import { openStore, type Store } from '../src/store.ts'

export const ann: Principal = { tenant: 't', subject: 'ann', roles: ['owner'], via: 'rest' }
export const annsAgent: Principal = { ...ann, roles: ['agent'], via: 'mcp' }

export interface WorkerOptions {
  databaseUrl: string
  protocol: Protocol
  /** Tools that change something, and pass the gate all the same; every other one only reads. */
  writes?: string[]
  /** Tools that a person is asked about. */
  asks?: string[]
  /** Puts something between the service and its store. */
  around?: (store: Store, bus: Bus) => Store
  elicitationMode?: ElicitationMode
  interactionTtlMs?: number | null
}

export interface Worker {
  bus: Bus
  close(): Promise<void>
}

/** An executor with neighbours that know one integration, whose every tool is allowed. */
export async function startWorker({
  databaseUrl,
  protocol,
  writes = [],
  asks = [],
  around = (store) => store,
  elicitationMode = 'browser',
  interactionTtlMs = null,
}: WorkerOptions): Promise<Worker> {
  const inProcess = createInProcessBus()
  const bus = inProcess.connect('test')
  const { kind } = protocol
  await serve(bus, catalog, {
    locateTool: () => ({ integration: 'things', kind, snapshot: 's', revision: '1' }),
    readOperation: ({ tool }) => ({ operation: anOperation(tool, writes), definitions: {} }),
    getIntegrationSettings: ({ slug }) => ({
      slug,
      kind,
      revision: '1',
      authMethods: [],
      config: {},
    }),
  })
  await serve(bus, connections, {
    resolveCredential: () => ({
      consent: '1',
      revision: '1',
      template: 'none',
      values: {},
      expiresAt: null,
    }),
  })
  await serve(bus, policy, {
    decide: ({ path }) =>
      asks.some((tool) => path.endsWith(`.${tool}`))
        ? { action: 'require_approval', source: 'user' }
        : { action: 'approve', source: 'plugin-default' },
  })
  const opened = await openStore(databaseUrl)
  // Each worker of a test has a bus of its own, where none would find another.
  const store = { ...opened, listSilent: async () => [] }
  const service = await openExecutor({
    store: around(store, bus),
    bus: inProcess.connect('executor'),
    egress: createEgress({ allowLocalNetwork: 'loopback' }),
    protocols: new Map([[kind, protocol]]),
    elicitationMode,
    interactionTtlMs,
    retentionMs: null,
    webBaseUrl: () => 'http://localhost',
    sandboxThreads: 1,
    stdioEnvironment: null,
    log: { debug: () => {}, warn: () => {}, error: () => {} },
    onError: (error) => process.stderr.write(`${String(error)}\n`),
  })
  return {
    bus,
    async close() {
      await service.close()
      await inProcess.close()
      await store.close()
    },
  }
}

function anOperation(name: string, writes: string[]): Operation {
  const readOnly = !writes.includes(name)
  return {
    name,
    description: '',
    tags: [],
    annotations: { readOnly, idempotent: false, destructive: false, requiresApproval: false },
    inputSchema: { type: 'object' },
    binding: {},
  }
}

async function serve<C extends AnyContract>(
  bus: Bus,
  contract: C,
  given: Partial<Handlers<C>>,
): Promise<void> {
  const unexpected = Object.fromEntries(
    Object.values(contract.methods).map(({ name, subject }) => [name, () => refuse(subject)]),
  )
  await bus.serve(contract, { ...unexpected, ...given } as Handlers<C>)
}

function refuse(subject: string): never {
  throw new ServiceError('failed_precondition', 'test_unexpected', `${subject} was not expected`)
}

/** How a run stands, as whoever waits for it is told. */
export async function standing(answer: Promise<{ json: string }>): Promise<RunOutcome> {
  return RunOutcome.parse(JSON.parse((await answer).json))
}
