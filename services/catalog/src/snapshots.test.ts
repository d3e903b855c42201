import { databaseFactories, openForTest } from '@executor/storage/testing'
import { describe, expect, it } from 'vitest'
import { createSnapshots } from './snapshots.ts'
import { openStore } from './store.ts'

/** More than are read all at once. */
const MANY = 6_000

describe.each(databaseFactories())('snapshots on $engine', ({ create }) => {
  it.each([3, MANY])('have the same of single operations as of all %i', async (count) => {
    const store = await openForTest(create, openStore)
    const names = Array.from({ length: count }, (_, at) => `group${at % 7}.tool${count - at}`)
    await store.saveSnapshot('t', {
      hash: 'h',
      tools: names.map((name) => ({ name, hash: name })),
      operations: [names.map(toOperation)],
      definitions: [],
      index: async () => new Uint8Array(),
    })
    const ordinals = [count - 1, 0, 1, count]

    const found = await createSnapshots(store).listingsAt('t', 'h', ordinals)
    const all = await createSnapshots(store).listings('t', 'h')

    expect(await createSnapshots(store).names('t', 'h')).toEqual(names)
    expect([...found.keys()].sort((a, b) => a - b)).toEqual([0, 1, count - 1])
    for (const [at, entry] of found) expect(entry).toEqual(all[at])
  })
})

function toOperation(name: string) {
  const annotations = { requiresApproval: false, readOnly: true }
  return {
    name,
    listing: JSON.stringify({ name, kind: 'openapi', description: `Does ${name}.`, annotations }),
    detail: '{}',
    refs: { input: [], output: [] },
  }
}
