import { catalog } from '@executor/contracts'
import { databaseFactories } from '@executor/storage/testing'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openCatalogWorld } from './catalog-world.ts'

const document = (title: string) =>
  JSON.stringify({
    openapi: '3.1.0',
    info: { title, version: '1' },
    servers: [{ url: 'https://pets.test' }],
    paths: { '/pets': { get: { operationId: 'list' }, post: { operationId: 'add' } } },
  })
const blob = (title: string) => ({ kind: 'blob', value: document(title) })

describe.each(databaseFactories())('a pasted text on $engine', ({ create }) => {
  async function open() {
    const { url, drop } = await create()
    onTestFinished(drop)
    const world = await openCatalogWorld(url)
    const { ask, store } = world
    const hashOf = async (slug: string) =>
      (await store.findIntegration('acme', slug))?.pastedText ?? ''
    return {
      ...world,
      hashOf,
      isKept: async (hash: string) => (await store.findPastedText('acme', hash)) !== null,
      add: (slug: string, title: string) =>
        ask(catalog.addIntegration, { kind: 'openapi', input: { slug, spec: blob(title) } }),
      refresh: (slug: string, input: object = {}) =>
        ask(catalog.refreshIntegration, { slug, input }),
      remove: (slug: string) => ask(catalog.removeIntegration, { slug }),
    }
  }

  it('is read again with other overrides, and goes with the last integration of it', async () => {
    const { add, refresh, remove, hashOf, isKept } = await open()
    await add('one', 'Pets')
    await add('two', 'Pets')
    const hash = await hashOf('one')
    const specOverrides = [{ op: 'remove', path: '/paths/~1pets/post' }]

    const refreshed = await refresh('one', { specOverrides })

    expect(refreshed).toMatchObject({ toolCount: 1, removedTools: ['pets.add'] })
    expect([await hashOf('one'), await hashOf('two')]).toEqual([hash, hash])
    await remove('one')
    expect(await isKept(hash)).toBe(true)
    await remove('two')
    expect(await isKept(hash)).toBe(false)
  })

  it('makes room for the next one', async () => {
    const { add, refresh, hashOf, isKept } = await open()
    await add('one', 'Pets')
    const first = await hashOf('one')

    await refresh('one', { spec: blob('Other pets') })

    const second = await hashOf('one')
    expect(await Promise.all([isKept(first), isKept(second)])).toEqual([false, true])
  })

  it('is not left behind by an integration that is refused', async () => {
    const { add, store } = await open()
    await add('one', 'Pets')
    const kept: string[] = []
    const { savePastedText } = store
    store.savePastedText = (tenant, text) => {
      kept.push(text.hash)
      return savePastedText(tenant, text)
    }
    const { findIntegration } = store
    // Somebody takes the slug while the document is read.
    store.findIntegration = async () => null

    await expect(add('one', 'Other pets')).rejects.toMatchObject({ code: 'already_exists' })

    store.findIntegration = findIntegration
    expect(kept).toHaveLength(1)
    expect(await store.findPastedText('acme', kept[0] ?? '')).toBeNull()
  })
})
