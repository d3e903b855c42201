import { connections } from '@executor/contracts'
import { describe, expect, it } from 'vitest'
import { aConnection, openWorld } from '../test/fixtures.ts'

const work = { owner: 'org', integration: 'github', name: 'work' } as const

describe('saveConnection', () => {
  it('gives up where others are always quicker, and leaves nothing behind', async () => {
    const world = await openWorld({ store: { insertConnection: async () => false } })

    const answer = world.ask(connections.createConnection, aConnection())

    await expect(answer).rejects.toMatchObject({ code: 'unavailable', reason: 'connection_busy' })
    expect(await world.store.listSecrets({ limit: 10 })).toEqual([])
  })

  it('leaves the credential in force when its replacement cannot be stored', async () => {
    const world = await openWorld({
      store: { replaceConnection: () => Promise.reject(new RangeError('disk full')) },
    })
    await world.ask(connections.createConnection, aConnection({ value: 'first' }))

    const answer = world.ask(connections.createConnection, aConnection({ value: 'second' }))

    await expect(answer).rejects.toMatchObject({ code: 'internal' })
    const { values } = await world.askInside(connections.resolveCredential, work)
    expect(values).toEqual({ token: 'first' })
  })
})
