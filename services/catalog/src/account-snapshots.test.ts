import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInProcessBus } from '@executor/bus'
import {
  connectionChanged,
  connections,
  integrationChanged,
  type Owner,
  type Principal,
  ServiceError,
  upstreamChanged,
} from '@executor/contracts'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { aConnection } from '../test/a-connection.ts'
import { createAccountSnapshots, type SnapshotReader } from './account-snapshots.ts'
import { buildIndex } from './search/build-index.ts'
import type { SearchDocument } from './search/document.ts'
import { encodeIndex } from './search/search-index.ts'
import { createSnapshots } from './snapshots.ts'
import type { AccountSource, SourceKind } from './sources/source.ts'
import { combineKinds } from './sources/sources.ts'
import { type IntegrationRow, openStore } from './store.ts'
import { createTurns } from './turns.ts'

const alice: Principal = { tenant: 'acme', subject: 'alice', roles: ['admin'], via: 'rest' }

function aSource(tools: string[]): AccountSource {
  const operations = tools.map((name) => ({
    name,
    listing: JSON.stringify({ name, kind: 'mcp', description: '', annotations: {} }),
    detail: '{}',
    refs: { input: [], output: [] },
  }))
  return {
    warnings: [],
    close: () => {},
    snapshot: {
      hash: `hash of ${tools.join(', ')}`,
      tools: tools.map((name) => ({ name, hash: name })),
      operations: (async function* () {
        yield operations
      })(),
      definitions: (async function* () {})(),
      index: async () => encodeIndex(buildIndex(tools.map(aDocument))),
    },
  }
}

function aDocument(name: string): SearchDocument {
  const traits = { readOnly: true, destructive: false, deprecated: false }
  return { name, description: '', parameters: [], tags: [], ...traits }
}

async function aWorld() {
  const folder = await mkdtemp(join(tmpdir(), 'executor-catalog-'))
  const store = await openStore(`file:${join(folder, 'catalog.db')}`)
  const net = createInProcessBus()
  const reached = new Map<string, string[] | ServiceError>()
  const asked: string[] = []
  const accounts = new Map<string, number>()
  const changes: string[] = []
  const kind = {
    kind: 'mcp',
    accountTools: {
      staleAfterMs: () => 60_000,
      discover: async (_, { owner, name }, { principal }) => {
        asked.push(`${owner}.${name} as ${principal.subject || 'nobody'}`)
        const tools = reached.get(name) ?? []
        if (tools instanceof ServiceError) throw tools
        return aSource(tools)
      },
    },
  } as Partial<SourceKind> as SourceKind
  const { getConnection } = connections
  await net.connect('connections').serve(
    { service: 'connections', methods: { getConnection } },
    {
      getConnection: ({ name, owner, integration }) => {
        const updatedAt = accounts.get(name)
        if (updatedAt === undefined) throw new ServiceError('not_found', 'connection_unknown', '')
        return aConnection('files', { name, owner, integration, updatedAt })
      },
    },
  )
  const bus = net.connect('catalog')
  await bus.subscribe(integrationChanged, ({ slug, change }) => {
    changes.push(`${slug} ${change}`)
  })
  const failures: unknown[] = []
  const snapshots = createAccountSnapshots({
    store,
    bus,
    turns: createTurns(),
    snapshots: createSnapshots(store),
    sources: combineKinds([kind], () => Promise.reject(new TypeError('not part of this test'))),
    onError: (error) => failures.push(error),
  })
  await snapshots.follow()
  onTestFinished(async () => {
    await snapshots.close()
    await net.close()
    await store.close()
    await rm(folder, { recursive: true })
    expect(failures).toEqual([])
  })
  await store.insertIntegration('acme', anIntegration())
  const integration = async () => {
    const row = await store.findIntegration('acme', 'files')
    if (!row) throw new ServiceError('not_found', 'gone', '')
    return row
  }
  const context = { principal: alice, signal: AbortSignal.timeout(10_000), deadline: 0 }
  const read = async (connection = 'main', owner: Owner = 'org') => {
    const reader: SnapshotReader = {
      integration: await integration(),
      owner,
      connection,
      changedAt: accounts.get(connection) ?? 0,
      snapshot: 'empty',
    }
    await snapshots.apply([reader], context)
    return reader.snapshot
  }
  return { store, net, snapshots, reached, asked, accounts, changes, integration, context, read }
}

function anIntegration(): IntegrationRow {
  return {
    slug: 'files',
    kind: 'mcp',
    name: 'Files',
    description: '',
    config: {},
    authMethods: [],
    snapshot: 'empty',
    toolCount: 0,
    displayUrl: null,
    canRefresh: true,
    healthCheck: null,
    revision: '1',
    createdAt: 0,
    updatedAt: 0,
    pastedText: null,
  }
}

/** What happens behind an event. */
const eventually = (assertion: () => unknown) => vi.waitFor(assertion, { timeout: 10_000 })

describe('createAccountSnapshots', () => {
  it('points an account at what it reaches', async () => {
    const world = await aWorld()
    world.accounts.set('main', 1)
    world.reached.set('main', ['read', 'write'])

    expect(await world.read()).toBe('hash of read, write')
    expect(await world.read()).toBe('hash of read, write')
    expect(world.asked).toEqual(['org.main as nobody'])
  })

  it('asks as the person whose account it is', async () => {
    const world = await aWorld()
    world.accounts.set('mine', 1)
    world.reached.set('mine', ['read'])

    expect(await world.read('mine', 'user')).toBe('hash of read')
    expect(world.asked).toEqual(['user.mine as alice'])
  })

  it('shows what the first shared account reaches for the integration itself', async () => {
    const world = await aWorld()
    world.accounts.set('main', 1)
    world.reached.set('main', ['read', 'write'])

    await world.read()

    expect(await world.integration()).toMatchObject({
      snapshot: 'hash of read, write',
      toolCount: 2,
      revision: '1',
    })
  })

  it('asks again when the connection or the integration has changed', async () => {
    const world = await aWorld()
    world.accounts.set('main', 1)
    world.reached.set('main', ['read'])
    await world.read()

    world.reached.set('main', ['read', 'write'])
    world.accounts.set('main', 2)
    expect(await world.read()).toBe('hash of read, write')
    world.reached.set('main', ['write'])
    await world.store.updateIntegration('acme', 'files', { revision: '2' })
    expect(await world.read()).toBe('hash of write')
  })

  it('keeps what was found while the upstream is down, and leaves it alone', async () => {
    const world = await aWorld()
    world.accounts.set('main', 1)
    world.reached.set('main', ['read'])
    await world.read()

    world.reached.set('main', new ServiceError('unavailable', 'mcp_connection_failed', 'down'))
    world.accounts.set('main', 2)
    expect(await world.read()).toBe('hash of read')
    expect(await world.read()).toBe('hash of read')
    expect(world.asked).toHaveLength(2)
  })

  it('tells what a refresh changed', async () => {
    const world = await aWorld()
    world.accounts.set('main', 1)
    world.reached.set('main', ['read'])
    await world.read()
    world.reached.set('main', ['write'])

    const account = {
      integration: await world.integration(),
      owner: 'org' as const,
      connection: 'main',
    }
    const changes = await world.snapshots.refresh(account, world.context)

    expect(changes).toMatchObject({ addedTools: ['write'], removedTools: ['read'], toolCount: 1 })
  })

  it('throws what the upstream came to when it is made to ask', async () => {
    const world = await aWorld()
    world.accounts.set('main', 1)
    world.reached.set('main', new ServiceError('unavailable', 'mcp_connection_failed', 'down'))

    const account = {
      integration: await world.integration(),
      owner: 'org' as const,
      connection: 'main',
    }

    await expect(world.snapshots.refresh(account, world.context)).rejects.toMatchObject({
      reason: 'mcp_connection_failed',
    })
  })

  it('finds the snapshot of one account, of none that does not exist', async () => {
    const world = await aWorld()
    world.accounts.set('main', 1)
    world.reached.set('main', ['read'])
    const integration = await world.integration()
    const find = (connection: string) =>
      world.snapshots.find({ integration, owner: 'org', connection }, world.context)

    expect(await find('main')).toBe('hash of read')
    expect(await find('nobody')).toBeNull()
  })

  it('follows connections as they come and go', async () => {
    const world = await aWorld()
    world.accounts.set('main', 1)
    world.reached.set('main', ['read'])
    const account = { tenant: 'acme', subject: '', integration: 'files', name: 'main' }
    const tell = (change: 'created' | 'removed') =>
      world.net.connect('connections').publish(connectionChanged, {
        ...account,
        owner: 'org',
        change,
      })

    tell('created')
    await eventually(async () =>
      expect(await world.store.listConnectionSnapshots('acme', ['files'])).toHaveLength(1),
    )
    tell('removed')

    await eventually(async () =>
      expect(await world.store.listConnectionSnapshots('acme', ['files'])).toHaveLength(0),
    )
  })

  it('asks again when the upstream says that it has changed, and says so itself', async () => {
    const world = await aWorld()
    world.accounts.set('main', 1)
    world.reached.set('main', ['read'])
    await world.read()
    world.reached.set('main', ['read', 'write'])
    const account = {
      tenant: 'acme',
      integration: 'files',
      owner: 'org',
      subject: '',
      connection: 'main',
    } as const

    world.net.connect('executor').publish(upstreamChanged, account)

    await eventually(async () => expect(await world.read()).toBe('hash of read, write'))
    await eventually(() => expect(world.changes).toEqual(['files updated', 'files updated']))
  })

  it('holds back what an account newly reaches, where that is to be reviewed', async () => {
    const world = await aWorld()
    world.accounts.set('main', 1)
    world.reached.set('main', ['read', 'stat'])
    await world.read()
    await world.store.setUpkeep('acme', 'files', { review: 'all' })
    const key = { integration: 'files', owner: 'org', subject: '', connection: 'main' }

    world.reached.set('main', ['erase', 'read'])
    world.accounts.set('main', 2)
    const snapshot = await world.read()

    const names = (await world.store.listTools('acme', snapshot)).map(({ name }) => name)
    expect(names).toEqual(['read'])
    expect(await world.store.listHeld('acme', key)).toMatchObject([
      { name: 'erase', change: 'added', status: 'waiting' },
    ])
    expect(await world.store.findOffer('acme', key)).toBe('hash of erase, read')
    const [change] = await world.store.listChanges('acme', 'files', { subject: '', limit: 1 })
    expect(change).toMatchObject({ cause: 'upstream', connection: 'main', held: ['erase'] })
    expect(await world.integration()).toMatchObject({ snapshot: 'hash of read, stat' })
  })

  it('takes what an account reaches for the first time as what was connected to', async () => {
    const world = await aWorld()
    await world.store.setUpkeep('acme', 'files', { review: 'all' })
    world.accounts.set('main', 1)
    world.reached.set('main', ['read'])

    expect(await world.read()).toBe('hash of read')
  })

  it('takes a list that is suddenly empty for an outage, and says so, until a person asks', async () => {
    const world = await aWorld()
    world.accounts.set('main', 1)
    world.reached.set('main', ['read'])
    await world.read()
    world.reached.set('main', [])
    world.accounts.set('main', 2)

    expect(await world.read()).toBe('hash of read')
    expect(await world.store.findUpkeep('acme', 'files')).toMatchObject({
      error: expect.stringContaining('main: None of its 1 operations is left.'),
      failingSince: expect.any(Number),
    })
    const integration = await world.integration()
    const account = { integration, owner: 'org', connection: 'main' } as const
    await world.snapshots.refresh(account, world.context)
    expect(await world.read()).toBe('hash of ')
    expect(await world.store.findUpkeep('acme', 'files')).toMatchObject({ error: null })
  })

  it('keeps accounts of tenants apart', async () => {
    const world = await aWorld()
    world.accounts.set('main', 1)
    world.reached.set('main', ['read'])
    await world.read()

    expect(await world.store.listConnectionSnapshots('other', ['files'])).toEqual([])
  })
})
