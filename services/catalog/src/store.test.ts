import { databaseFactories } from '@executor/storage/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type IntegrationRow, openStore, type SnapshotRows, type Store } from './store.ts'

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

describe.each(databaseFactories())('the store on $engine', ({ create }) => {
  let store: Store
  let drop: () => Promise<void>
  beforeEach(async () => {
    const database = await create()
    drop = database.drop
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
    expect(Array.from((await store.findIndex('t', 'one')) ?? [])).toEqual([1, 2, 3])
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
})
