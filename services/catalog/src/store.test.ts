import { randomBytes } from 'node:crypto'
import { databaseFactories } from '@executor/storage/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  type IntegrationRow,
  openStore,
  type Settlement,
  type SnapshotRows,
  type Store,
} from './store.ts'

function anIntegration(given: Partial<IntegrationRow> = {}): IntegrationRow {
  return {
    slug: 'petstore',
    kind: 'openapi',
    name: 'Petstore',
    description: '',
    config: { servers: [] },
    authMethods: [],
    snapshot: 'one',
    toolCount: 1,
    displayUrl: null,
    canRefresh: false,
    healthCheck: null,
    revision: 'r1',
    createdAt: 1,
    updatedAt: 1,
    pastedText: null,
    ...given,
  }
}

function aSnapshot(hash: string, names: string[]): SnapshotRows {
  return {
    hash,
    tools: names.map((name) => ({ name, hash: `${name}@${hash}` })),
    operations: [
      names.map((name) => ({
        name,
        listing: JSON.stringify({ name }),
        detail: '{}',
        refs: { input: ['Pet'], output: [] },
      })),
    ],
    definitions: [[{ name: 'Pet', json: '{"type":"object"}', refs: [] }]],
    index: async () => new Uint8Array([1, 2, 3]),
  }
}

describe.each(databaseFactories())('the store on $engine', ({ create, engine }) => {
  let store: Store
  let drop: () => Promise<void>
  let url: string
  beforeEach(async () => {
    const database = await create()
    drop = database.drop
    url = database.url
    store = await openStore(database.url)
  })
  afterEach(async () => {
    await store.close()
    await drop()
  })

  it('keeps integrations apart by tenant, in slug order', async () => {
    await store.insertIntegration('t', anIntegration({ slug: 'b' }))
    await store.insertIntegration('t', anIntegration({ slug: 'a' }))
    await store.insertIntegration('other', anIntegration({ slug: 'c' }))

    const rows = await store.listIntegrations('t')

    expect(rows.map(({ slug }) => slug)).toEqual(['a', 'b'])
    expect(rows[0]).toEqual(anIntegration({ slug: 'a' }))
  })

  it('gives a slug to one of two who ask at once', async () => {
    const taken = await Promise.all([
      store.insertIntegration('t', anIntegration()),
      store.insertIntegration('t', anIntegration()),
    ])

    expect(taken.filter(Boolean)).toHaveLength(1)
  })

  it('changes what is named and nothing else', async () => {
    await store.insertIntegration('t', anIntegration())

    const changed = await store.updateIntegration('t', 'petstore', { name: 'Pets', updatedAt: 2 })

    expect(changed).toEqual(anIntegration({ name: 'Pets', updatedAt: 2 }))
    expect(await store.updateIntegration('t', 'unknown', { name: 'x' })).toBeNull()
  })

  it('gives back a snapshot as it was saved, in order', async () => {
    await store.saveSnapshot('t', aSnapshot('one', ['b', 'a']))

    expect(await store.hasSnapshot('t', 'one')).toBe(true)
    expect(await store.hasSnapshot('other', 'one')).toBe(false)
    expect((await store.listListings('t', 'one')).map(({ name }) => name)).toEqual(['b', 'a'])
    expect(await store.listTools('t', 'one')).toEqual([
      { name: 'b', hash: 'b@one' },
      { name: 'a', hash: 'a@one' },
    ])
    expect(await store.findOperation('t', 'one', 'a')).toMatchObject({
      name: 'a',
      refs: { input: ['Pet'], output: [] },
    })
    expect(await store.findDefinitions('t', 'one', ['Pet', 'Unknown'])).toMatchObject([
      { name: 'Pet', json: '{"type":"object"}', refs: [] },
    ])
    const indexes = await store.findIndexes('t', ['one', 'unknown'])
    expect([...indexes].map(([hash, bytes]) => [hash, ...bytes])).toEqual([['one', 1, 2, 3]])
  })

  it('saves the same snapshot twice as one', async () => {
    await store.saveSnapshot('t', aSnapshot('one', ['a']))
    await store.saveSnapshot('t', aSnapshot('one', ['a']))

    expect(await store.listTools('t', 'one')).toHaveLength(1)
  })

  it('never finds a snapshot that was saved halfway', async () => {
    const half = aSnapshot('half', ['a'])
    const failing = { ...half, index: () => Promise.reject(new TypeError('worker died')) }

    await expect(store.saveSnapshot('t', failing)).rejects.toThrow('worker died')

    expect(await store.hasSnapshot('t', 'half')).toBe(false)
  })

  it.runIf(engine === 'sqlite')(
    'deletes what a crash left of an import, and nothing else',
    async () => {
      const died = {
        ...aSnapshot('half', ['a']),
        index: () => Promise.reject(new TypeError('died')),
      }
      await expect(store.saveSnapshot('t', died)).rejects.toThrow('died')
      await store.saveSnapshot('t', aSnapshot('whole', ['a', 'b']))
      await store.saveSnapshot('other', aSnapshot('half', ['a']))

      const dropped = await store.dropLeftovers(new AbortController().signal)

      expect(dropped).toBe(2)
      expect(await store.listNames('t', 'half')).toEqual([])
      expect(await store.findDefinitions('t', 'half', ['Pet'])).toEqual([])
      expect(await store.listNames('t', 'whole')).toEqual(['a', 'b'])
      expect(await store.listNames('other', 'half')).toEqual(['a'])
      expect(await store.findDefinitions('other', 'half', ['Pet'])).toHaveLength(1)
    },
  )

  it('leaves an import alone that is under way', async () => {
    const index = Promise.withResolvers<Uint8Array>()
    const isIndexed = Promise.withResolvers<void>()
    const saved = store.saveSnapshot('t', {
      ...aSnapshot('one', ['a', 'b']),
      index() {
        isIndexed.resolve()
        return index.promise
      },
    })
    await isIndexed.promise

    const dropped = await store.dropLeftovers(new AbortController().signal)
    index.resolve(new Uint8Array([1]))
    await saved

    expect(dropped).toBe(0)
    expect(await store.listNames('t', 'one')).toEqual(['a', 'b'])
    expect(await store.findDefinitions('t', 'one', ['Pet'])).toHaveLength(1)
  })

  it('saves whole what is deleted as the leftover of an earlier try', async () => {
    const names = Array.from({ length: 500 }, (_, at) => `tool${at}`)
    const died = { ...aSnapshot('one', names), index: () => Promise.reject(new TypeError('died')) }
    await expect(store.saveSnapshot('t', died)).rejects.toThrow('died')

    const dropping = store.dropLeftovers(new AbortController().signal)
    await store.saveSnapshot('t', aSnapshot('one', names))
    await dropping

    expect(await store.listNames('t', 'one')).toHaveLength(500)
    expect(await store.findDefinitions('t', 'one', ['Pet'])).toHaveLength(1)
  })

  it('drops a snapshot when nothing points at it any more, and not before', async () => {
    await store.saveSnapshot('t', aSnapshot('one', ['a']))
    await store.insertIntegration('t', anIntegration({ snapshot: 'one' }))

    await store.dropUnusedSnapshot('t', 'one')
    const whileUsed = await store.hasSnapshot('t', 'one')
    await store.removeIntegration('t', 'petstore')
    await store.dropUnusedSnapshot('t', 'one')

    expect(whileUsed).toBe(true)
    expect(await store.hasSnapshot('t', 'one')).toBe(false)
    expect(await store.findOperation('t', 'one', 'a')).toBeNull()
    expect(await store.findDefinitions('t', 'one', ['Pet'])).toEqual([])
  })

  it('reads the snapshots of the accounts that a subject sees, of the integrations in question', async () => {
    const accounts = [
      { integration: 'files', owner: 'org', subject: '', connection: 'all' },
      { integration: 'files', owner: 'user', subject: 'ada', connection: 'hers' },
      { integration: 'files', owner: 'user', subject: 'bob', connection: 'his' },
      { integration: 'mail', owner: 'org', subject: '', connection: 'mail' },
    ]
    for (const key of accounts)
      await store.setConnectionSnapshot('t', { ...key, snapshot: 'one', basis: '', updatedAt: 1 })
    const many = Array.from({ length: 1_000 }, (_, at) => `files${at}`)
    const namesOf = async (...asked: [string[], string?]) =>
      (await store.listConnectionSnapshots('t', ...asked))
        .map(({ connection }) => connection)
        .toSorted()

    expect(await namesOf(['files'])).toEqual(['all', 'hers', 'his'])
    expect(await namesOf(['files'], 'ada')).toEqual(['all', 'hers'])
    expect(await namesOf(['files'], '')).toEqual(['all'])
    expect(await namesOf([...many, 'files', 'mail'], 'bob')).toEqual(['all', 'his', 'mail'])
    expect(await namesOf([])).toEqual([])
  })

  it('keeps a pasted text, in pieces, for as long as an integration was imported from it', async () => {
    const text = { hash: 'h', bytes: new Uint8Array(randomBytes(2_500_000)) }
    const from = (slug: string) => anIntegration({ slug, pastedText: 'h' })

    await Promise.all([store.savePastedText('t', text), store.savePastedText('t', text)])
    await store.insertIntegration('t', from('one'))
    await store.insertIntegration('t', from('two'))

    expect((await store.findIntegration('t', 'one'))?.pastedText).toBe('h')
    expect(await store.findPastedText('t', 'h')).toEqual(text.bytes)
    expect(await store.findPastedText('other', 'h')).toBeNull()

    await store.removeIntegration('t', 'one')
    await store.dropUnusedPastedText('t', 'h')
    expect(await store.findPastedText('t', 'h')).not.toBeNull()

    await store.updateIntegration('t', 'two', { pastedText: null })
    await store.dropUnusedPastedText('t', 'h')
    expect(await store.findPastedText('t', 'h')).toBeNull()
  })

  it('gives a refresh that is due to one of two processes, and again when its time is over', async () => {
    const other = await openStore(url)
    await store.setUpkeep('t', 'petstore', { refreshEveryMs: 1000, dueAt: 50 })
    await store.setUpkeep('t', 'later', { refreshEveryMs: 1000, dueAt: 500 })
    const [due] = await store.listDueRefreshes(100, 10)
    const [same] = await other.listDueRefreshes(100, 10)

    const claims = await Promise.all([
      store.claimRefresh(due ?? never, 900),
      other.claimRefresh(same ?? never, 900),
    ])

    expect(due).toEqual({ tenant: 't', integration: 'petstore', dueAt: 50 })
    expect(claims.filter(Boolean)).toHaveLength(1)
    expect(await other.listDueRefreshes(100, 10)).toEqual([])
    expect(await other.findNextDue()).toBe(500)
    expect(await other.listDueRefreshes(900, 10)).toHaveLength(2)
    await other.close()
  })

  it('knows nothing of an integration that nobody asked anything for', async () => {
    expect(await store.findUpkeep('t', 'petstore')).toMatchObject({
      review: 'none',
      refreshEveryMs: null,
      failures: 0,
    })
    expect(await store.findNextDue()).toBeNull()
  })

  it('writes what is held back with the change it belongs to, or neither', async () => {
    await store.insertIntegration('t', anIntegration())
    const settled = aSettlement('petstore')

    const stale = await store.updateIntegration(
      't',
      'petstore',
      { snapshot: 'two', revision: 'r2' },
      { ifRevision: 'r0', settlement: settled },
    )
    const heldThen = await store.listHeld('t', settled.key)
    const done = await store.updateIntegration(
      't',
      'petstore',
      { snapshot: 'two', revision: 'r2' },
      { ifRevision: 'r1', settlement: settled },
    )

    expect([stale, heldThen]).toEqual([null, []])
    expect(done).toMatchObject({ snapshot: 'two', revision: 'r2' })
    expect(await store.findIntegration('t', 'petstore')).toMatchObject({ snapshot: 'two' })
    expect(await store.listHeld('t', settled.key)).toEqual(settled.held)
    expect(await store.findOffer('t', settled.key)).toBe('offered')
    expect(await store.countWaiting('t', 'anyone')).toEqual(new Map([['petstore', 1]]))
    expect(await store.findHeldBack('t', 'two', 'pets.add')).toMatchObject({ status: 'waiting' })
    expect(await store.findHeldBack('t', 'one', 'pets.add')).toBeNull()
  })

  it('keeps an offered snapshot until nothing is offered', async () => {
    await store.insertIntegration('t', anIntegration())
    await store.saveSnapshot('t', aSnapshot('offered', ['pets.add']))
    const settled = aSettlement('petstore')
    await store.updateIntegration('t', 'petstore', { revision: 'r2' }, { settlement: settled })

    await store.dropUnusedSnapshot('t', 'offered')
    const whileOffered = await store.hasSnapshot('t', 'offered')
    const offers = await store.removeReviews('t', { integration: 'petstore' })
    for (const hash of offers) await store.dropUnusedSnapshot('t', hash)

    expect(whileOffered).toBe(true)
    expect(await store.hasSnapshot('t', 'offered')).toBe(false)
    expect(await store.listHeld('t', settled.key)).toEqual([])
  })

  it('keeps so many changes of an integration, and shows an account’s own to its owner', async () => {
    await store.insertIntegration('t', anIntegration())
    const change = (at: number, key: Partial<Settlement['key']> = {}): Settlement => {
      const settled = aSettlement('petstore', `${String(at).padStart(9, '0')}-00000000`)
      return { ...settled, key: { ...settled.key, ...key }, held: [], offer: null }
    }
    for (let at = 0; at < 205; at++)
      await store.updateIntegration('t', 'petstore', {}, { settlement: change(at) })
    const mine = { owner: 'user', subject: 'ada', connection: 'main' }
    const row = { integration: 'petstore', ...mine, snapshot: 'x', basis: '', updatedAt: 1 }
    await store.setConnectionSnapshot('t', row, change(999, mine))

    const all = await store.listChanges('t', 'petstore', { subject: 'ada', limit: 500 })
    const others = await store.listChanges('t', 'petstore', { subject: 'bob', limit: 500 })

    expect(all).toHaveLength(200)
    expect(all[0]).toMatchObject({ id: '000000999-00000000', connection: 'main' })
    expect(all.at(-1)).toMatchObject({ id: '000000006-00000000' })
    expect(others).toHaveLength(199)
  })
})

const never = { tenant: '', integration: '', dueAt: 0 }

function aSettlement(integration: string, id = '000000001-00000000'): Settlement {
  return {
    key: { integration, owner: '', subject: '', connection: '' },
    offer: 'offered',
    held: [
      {
        name: 'pets.add',
        change: 'added',
        hash: 'h',
        status: 'waiting',
        heldAt: 5,
        decidedAt: null,
        decidedBy: null,
      },
    ],
    change: {
      id,
      at: 5,
      cause: 'hand',
      by: 'ada',
      diff: { added: 0, changed: 0, removed: 0, operations: [], settings: [] },
      held: [],
    },
  }
}
