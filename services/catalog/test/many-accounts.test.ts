import { catalog, type Rule } from '@executor/contracts'
import { databaseFactories } from '@executor/storage/testing'
import { describe, expect, it, onTestFinished } from 'vitest'
import { buildIndex } from '../src/search/build-index.ts'
import { encodeIndex } from '../src/search/search-index.ts'
import { openCatalogWorld } from './catalog-world.ts'

describe.each(databaseFactories())('many accounts on $engine', ({ create }) => {
  async function openWorld() {
    const { url, drop } = await create()
    onTestFinished(drop)
    return openCatalogWorld(url)
  }
  type World = Awaited<ReturnType<typeof openWorld>>

  /** An integration with an account, whose tools nobody imported. */
  async function add({ store, accounts }: World, slug: string, tools: string[]): Promise<void> {
    const snapshot = `hash of ${slug}`
    await store.saveSnapshot('acme', aSnapshot(snapshot, tools))
    await store.insertIntegration('acme', anIntegration(slug, snapshot))
    accounts.push({ integration: slug, owner: 'org', name: 'main', updatedAt: 0 })
  }

  it('searches more integrations than a statement takes values', async () => {
    const world = await openWorld()
    for (let at = 0; at < 600; at++) await add(world, `shop${at}`, [`sell${at}`])

    const found = await world.ask(catalog.searchTools, { query: 'sell599' })

    expect(found.items[0]?.path).toBe('shop599.org.main.sell599')
  })

  it('reads the accounts of one integration for a search within it', async () => {
    const world = await openWorld()
    for (const slug of ['shop', 'shop-2', 'bank']) await add(world, slug, ['sell'])
    const search = (namespace: string) =>
      world.ask(catalog.searchTools, { query: 'sell', namespace })

    const found = [
      await search('shop'),
      await search('tools.shop.org.main.'),
      await search('shop.user'),
      await search('tools.'),
    ]

    expect(found.map(({ items }) => items.map(({ path }) => path))).toEqual([
      ['shop.org.main.sell'],
      ['shop.org.main.sell'],
      [],
      [],
    ])
    expect(world.asked.filter((each) => each !== 'rules')).toEqual([
      'accounts of shop: 1',
      'accounts of shop: 1',
      'accounts of shop: 1',
      'accounts of : 0',
    ])
  })

  it('is sent the list of accounts again when it has changed', async () => {
    const world = await openWorld()
    await add(world, 'shop', ['sell'])
    await add(world, 'bank', ['lend'])
    const addresses = async () => {
      const { bytes } = await world.ask(catalog.listTools, { includeBlocked: true, query: 'e' })
      const { items } = JSON.parse(Buffer.from(bytes).toString())
      return items
        .map(({ address }: { address: string }) => address)
        .filter((address: string) => address.startsWith('tools.'))
    }

    const lists = [await addresses(), await addresses()]
    world.accounts.shift()
    lists.push(await addresses(), await addresses())

    const both = ['tools.bank.org.main.lend', 'tools.shop.org.main.sell']
    const one = ['tools.bank.org.main.lend']
    expect(lists).toEqual([both, both, one, one])
    expect(world.asked).toEqual([
      'accounts of all: 2',
      'accounts of all: known',
      'accounts of all: 1',
      'accounts of all: known',
    ])
  })

  it.each([
    ['the account that is named', 'shop.org.second.sel', 'shop.org.second'],
    ['the account that is named alike', 'shopp.org.secnd.sel', 'shop.org.second'],
    ['the first account where none is', 'shop.zzz', 'shop.org.main'],
  ])('suggests tools of %s, and of no other', async (_, address, account) => {
    const world = await openWorld()
    await add(world, 'bank', ['lend'])
    await add(world, 'shop', ['buy', 'sell', 'sellAll'])
    world.accounts.push({ integration: 'shop', owner: 'org', name: 'second', updatedAt: 0 })
    world.rules.push(aRule('shop.*.*.sellAll', 'block'))

    const suggestions = await world.ask(catalog.suggestTools, { address })

    const tools = suggestions.filter((path) => path.startsWith('shop.'))
    expect(tools.toSorted()).toEqual([`${account}.buy`, `${account}.sell`])
    expect(world.asked).toEqual(['accounts of shop: 2', 'rules'])
  })

  it('describes a tool without reading all rules and accounts', async () => {
    const world = await openWorld()
    await add(world, 'shop', ['sell', 'buy'])
    world.rules.push(aRule('shop.org.main.buy', 'block'))

    const { json } = await world.ask(catalog.describeTool, { address: 'shop.org.main.sell' })
    const asked = [...world.asked]
    const hidden = world.ask(catalog.describeTool, { address: 'shop.org.main.buy' })

    expect(JSON.parse(json)).toMatchObject({ name: 'sell' })
    expect(asked).toEqual([])
    await expect(hidden).rejects.toMatchObject({ reason: 'tool_unknown' })
  })
})

function aRule(pattern: string, action: Rule['action']): Rule {
  return { id: pattern, owner: 'org', pattern, action, position: '', createdAt: 0, updatedAt: 0 }
}

function aSnapshot(hash: string, names: string[]) {
  const annotations = { readOnly: true, requiresApproval: false }
  return {
    hash,
    tools: names.map((name) => ({ name, hash: name })),
    operations: [
      names.map((name) => ({
        name,
        listing: JSON.stringify({ name, kind: 'openapi', description: '', annotations }),
        detail: '{"inputSchema":{}}',
        refs: { input: [], output: [] },
      })),
    ],
    definitions: [],
    index: async () => encodeIndex(buildIndex(names.map(aDocument))),
  }
}

function aDocument(name: string) {
  const traits = { readOnly: true, destructive: false, deprecated: false }
  return { name, description: '', parameters: [], tags: [], ...traits }
}

function anIntegration(slug: string, snapshot: string) {
  return {
    slug,
    kind: 'openapi',
    name: slug,
    description: '',
    config: {},
    authMethods: [],
    snapshot,
    toolCount: 1,
    displayUrl: null,
    canRefresh: false,
    healthCheck: null,
    revision: '1',
    createdAt: 0,
    updatedAt: 0,
    pastedText: null,
  }
}
