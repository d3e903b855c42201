import { type AnyMethod, createInProcessBus, type Handlers } from '@executor/bus'
import {
  type Connection,
  catalog,
  connections,
  decideAction,
  type Input,
  type Output,
  operationsChanged,
  type Principal,
  policy,
  type Rule,
} from '@executor/contracts'
import { createEgress } from '@executor/egress'
import { onTestFinished } from 'vitest'
import { createCatalog } from '../src/service.ts'
import { openStore, type Store } from '../src/store.ts'
import { aConnection } from './a-connection.ts'

export const admin: Principal = { tenant: 'acme', subject: 'ada', roles: ['admin'], via: 'rest' }
export const agent: Principal = { tenant: 'acme', subject: 'ada', roles: ['agent'], via: 'mcp' }

/** The catalog behind its bus, on a real store, with accounts and rules that others would hold. */
export async function openCatalogWorld(url: string, { refreshEveryMsMin = 100 } = {}) {
  const net = createInProcessBus()
  const store: Store = await openStore(url)
  const rules: Rule[] = []
  const accounts: Pick<Connection, 'owner' | 'integration' | 'name' | 'updatedAt'>[] = []
  const asked: string[] = []
  await serveOthers(net, { rules, accounts, asked })
  const egress = createEgress({ allowLocalNetwork: 'loopback' })
  const failures: unknown[] = []
  const bus = net.connect('catalog')
  const service = createCatalog({
    store,
    bus,
    egress,
    refreshEveryMsMin,
    onError: (error) => failures.push(error),
  })
  await bus.serve(catalog, service.handlers)
  const events: { slug: string; added: number; changed: number; removed: number; held: number }[] =
    []
  await bus.subscribe(operationsChanged, ({ slug, added, changed, removed, held }) =>
    events.push({ slug, added, changed, removed, held }),
  )
  const outside = net.connect('gateway')
  const inside = net.connect('executor')
  let isClosed = false
  const close = async () => {
    if (isClosed) return
    isClosed = true
    await service.close()
    await net.close()
    await egress.close()
    await store.close()
  }
  onTestFinished(async () => {
    await close()
    if (failures.length > 0) throw failures[0]
  })
  const asks =
    (from: typeof outside) =>
    <M extends AnyMethod>(method: M, input: Input<M>, principal = admin): Promise<Output<M>> =>
      from.request(method, input, { principal })
  const ask = asks(outside)
  return {
    store,
    service,
    rules,
    accounts,
    asked,
    events,
    ask,
    askInside: asks(inside),
    close,
    addPets: (specUrl: string) =>
      ask(catalog.addIntegration, { kind: 'openapi', input: { spec: specUrl, slug: 'pets' } }),
    async tools(): Promise<string[]> {
      const { bytes } = await ask(catalog.listTools, { integration: 'pets', includeBlocked: true })
      return (JSON.parse(Buffer.from(bytes).toString()) as { items: { name: string }[] }).items.map(
        ({ name }) => name,
      )
    },
    async describe(
      name: string,
      principal = admin,
    ): Promise<{ description: string; inputSchema: unknown }> {
      const address = `pets.org.main.${name}`
      return JSON.parse((await ask(catalog.describeTool, { address }, principal)).json)
    },
    pets: () => ask(catalog.getIntegration, { slug: 'pets' }),
    refresh: () => ask(catalog.refreshIntegration, { slug: 'pets', input: {} }),
    review: async (principal = admin) =>
      (await ask(catalog.listHeldOperations, { slug: 'pets' }, principal))[0],
  }
}

interface Others {
  rules: Rule[]
  accounts: Pick<Connection, 'owner' | 'integration' | 'name' | 'updatedAt'>[]
  /** What was asked of them that costs the more the more there is. */
  asked: string[]
}

async function serveOthers(
  net: ReturnType<typeof createInProcessBus>,
  { rules, accounts, asked }: Others,
): Promise<void> {
  const pick = <
    C extends { service: string; methods: Record<string, AnyMethod> },
    K extends string,
  >(
    { service, methods }: C,
    ...names: K[]
  ) => ({
    service,
    methods: Object.fromEntries(names.map((name) => [name, methods[name] as AnyMethod])),
  })
  await net
    .connect('connections')
    .serve(
      pick(
        connections,
        'listAccounts',
        'listConnectedIntegrations',
        'getConnection',
        'removeIntegrationConnections',
      ),
      {
        listAccounts: ({ integration, known }: Input<typeof connections.listAccounts>) => {
          const listed = accounts.filter(
            (one) => integration === undefined || one.integration === integration,
          )
          const version = JSON.stringify(listed)
          const isKnown = version === known
          asked.push(`accounts of ${integration ?? 'all'}: ${isKnown ? 'known' : listed.length}`)
          return { version, accounts: isKnown ? null : listed }
        },
        listConnectedIntegrations: () => ({
          slugs: [...new Set(accounts.map(({ integration }) => integration))].sort(),
        }),
        getConnection: ({ name }: { name: string }) =>
          aConnection('pets', accounts.find((one) => one.name === name) ?? {}),
        removeIntegrationConnections: () => ({ removed: 0 }),
      } as Handlers<never>,
    )
  await net
    .connect('policy')
    .serve(pick(policy, 'decide', 'listRules', 'listTouchedRules', 'removeIntegrationRules'), {
      decide: ({ path, requiresApproval }: Input<typeof policy.decide>) =>
        decideAction(rules, path, requiresApproval),
      listRules: () => {
        asked.push('rules')
        return { items: rules }
      },
      listTouchedRules: ({ tools }: { tools: string[] }) =>
        rules.map((rule) => ({ rule, tools, toolCount: tools.length })),
      removeIntegrationRules: () => ({ removed: 0 }),
    } as Handlers<never>)
}
