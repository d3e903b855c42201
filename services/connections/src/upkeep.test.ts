import { connections } from '@executor/contracts'
import { describe, expect, it } from 'vitest'
import { aConnection, openWorld, SECRET_KEY, type World } from '../test/fixtures.ts'
import { rotateSecrets, startUpkeep } from './upkeep.ts'
import { createVault, deriveMasterKey } from './vault.ts'

const OTHER_KEY = 'ff'.repeat(32)
const HOUR_MS = 3_600_000

async function aVault(...texts: string[]) {
  return createVault(await Promise.all(texts.map(deriveMasterKey)))
}
async function upkeep(world: World, vault: Awaited<ReturnType<typeof aVault>>) {
  const { store, log, clock } = world
  await startUpkeep({ store, vault, log, clock: () => clock.now }).done
}

describe('rotateSecrets', () => {
  it('encrypts everything with the first key, so that the others can go', async () => {
    const world = await openWorld()
    for (const name of ['a', 'b', 'c']) {
      await world.ask(connections.createConnection, aConnection({ name, value: `value ${name}` }))
    }
    const vault = await aVault(OTHER_KEY, SECRET_KEY)

    const once = await rotateSecrets({ store: world.store, vault })
    const again = await rotateSecrets({ store: world.store, vault })

    const alone = await aVault(OTHER_KEY)
    const secrets = await world.store.listSecrets({ limit: 10 })
    const values = secrets.map(({ tenant, owner, subject, id, keyId, sealed }) =>
      alone.open({ keyId, text: sealed }, [tenant, owner, subject, id])?.reveal(),
    )
    expect(once).toEqual({ resealed: 3, unreadable: 0 })
    expect(again).toEqual({ resealed: 0, unreadable: 0 })
    expect(values).toEqual(['value a', 'value b', 'value c'])
  })

  it('counts what does not open and leaves it as it is', async () => {
    const world = await openWorld()
    await world.ask(connections.createConnection, aConnection())
    const before = await world.store.listSecrets({ limit: 10 })

    const outcome = await rotateSecrets({ store: world.store, vault: await aVault(OTHER_KEY) })

    expect(outcome).toEqual({ resealed: 0, unreadable: 1 })
    expect(await world.store.listSecrets({ limit: 10 })).toEqual(before)
  })
})

describe('startUpkeep', () => {
  it('removes values that a crash left without a connection', async () => {
    const world = await openWorld()
    await world.ask(connections.createConnection, aConnection({ name: 'kept' }))
    await world.ask(connections.createConnection, aConnection({ name: 'gone' }))
    const key = { tenant: 'acme', owner: 'org', subject: '', integration: 'github' } as const
    const row = await world.store.findConnection({ ...key, name: 'gone' })
    if (!row) return expect.unreachable()
    await world.store.removeConnection(row)
    world.clock.now += HOUR_MS + 1

    await upkeep(world, await aVault(SECRET_KEY))

    const left = await world.store.listSecrets({ limit: 10 })
    expect(left.map(({ id }) => id)).toEqual([expect.stringContaining(':kept:')])
    expect(world.log.lines).toContainEqual({
      level: 'info',
      fields: { orphaned: 1 },
      message: 'removed values without a connection',
    })
  })

  it('goes through as many values as there are', async () => {
    const world = await openWorld()
    const secret = { tenant: 'acme', owner: 'org', subject: '', keyId: 'k', sealed: '' } as const
    for (let count = 0; count < 450; count += 1) {
      const id = `connection:org:github:n${count}:r:token`
      await world.store.insertSecret({ ...secret, id, createdAt: world.clock.now })
    }
    world.clock.now += HOUR_MS + 1

    await upkeep(world, await aVault(SECRET_KEY))

    expect(await world.store.listSecrets({ limit: 10 })).toEqual([])
  })

  it('encrypts again even where it cannot look for what is left over', async () => {
    const world = await openWorld()
    await world.ask(connections.createConnection, aConnection())
    const store = { ...world.store, findConnections: () => Promise.reject(new TypeError('down')) }
    world.clock.now += HOUR_MS + 1
    const vault = await aVault(OTHER_KEY, SECRET_KEY)

    await startUpkeep({ store, vault, log: world.log, clock: () => world.clock.now }).done

    const [kept] = await world.store.listSecrets({ limit: 10 })
    expect(vault.keyIds[0]).toBe(kept?.keyId)
    expect(world.log.lines).toContainEqual(expect.objectContaining({ level: 'error' }))
  })

  it('spares what is just being saved', async () => {
    const world = await openWorld()
    await world.store.insertSecret({
      tenant: 'acme',
      owner: 'org',
      subject: '',
      id: 'connection:org:github:coming:r:token',
      keyId: 'k',
      sealed: '',
      createdAt: world.clock.now,
    })
    world.clock.now += HOUR_MS - 1

    await upkeep(world, await aVault(SECRET_KEY))

    expect(await world.store.listSecrets({ limit: 10 })).toHaveLength(1)
  })

  it('ends when it is closed', async () => {
    const world = await openWorld()
    const { store, log } = world
    const vault = await aVault(SECRET_KEY)

    const work = startUpkeep({ store, vault, log, clock: () => 0 })

    await expect(work.close()).resolves.toBeUndefined()
  })
})
