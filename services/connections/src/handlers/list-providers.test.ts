import { connections } from '@executor/contracts'
import { describe, expect, it } from 'vitest'
import { bob, openWorld } from '../../test/fixtures.ts'

describe('listProviders', () => {
  it('lists them, the one that pasted values go to first', async () => {
    const world = await openWorld()

    const providers = await world.ask(connections.listProviders, {}, bob)

    expect(providers).toEqual([
      { key: 'encrypted', writable: true },
      { key: 'env', writable: false },
    ])
  })
})
