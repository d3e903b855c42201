import { connections, ServiceError } from '@executor/contracts'
import { describe, expect, it } from 'vitest'
import { aConnection, alice, bob, openWorld } from '../../test/fixtures.ts'

const work = { owner: 'org', integration: 'github', name: 'work' } as const

describe('removeConnection', () => {
  it('takes the value and the rules with it, and says so', async () => {
    const world = await openWorld()
    await world.ask(connections.createConnection, aConnection())

    const answer = await world.ask(connections.removeConnection, work)

    expect(answer).toEqual({ removed: true })
    expect(await world.ask(connections.listConnections, {})).toEqual({ items: [] })
    expect(await world.store.listSecrets({ limit: 10 })).toEqual([])
    expect(world.removedRules).toEqual([
      { integration: 'github', owner: 'org', connection: 'work' },
    ])
    await expect.poll(() => world.events.at(-1)).toMatchObject({ change: 'removed' })
  })

  it('leaves the environment as it is', async () => {
    const world = await openWorld({ variables: { EXECUTOR_CREDENTIAL_A: 'a' } })
    const input = aConnection({ from: { provider: 'env', id: 'A' } })
    await world.ask(connections.createConnection, input)

    await world.ask(connections.removeConnection, work)

    await expect(world.ask(connections.createConnection, input)).resolves.toMatchObject({
      provider: 'env',
    })
  })

  it('removes rules at the next attempt when policy did not answer', async () => {
    const world = await openWorld()
    await world.ask(connections.createConnection, aConnection())
    world.answers.removeRules = async () => {
      throw new ServiceError('unavailable', 'policy_down', 'Try again.')
    }

    const first = world.ask(connections.removeConnection, work)

    await expect(first).rejects.toMatchObject({ code: 'unavailable' })
    world.answers.removeRules = async () => ({ removed: 2 })
    expect(await world.ask(connections.removeConnection, work)).toEqual({ removed: true })
  })

  it.each([
    ['a member at a shared one', work, bob, 'org_write_denied'],
    ['anybody at another’s', { ...work, owner: 'user' as const }, bob, 'connection_unknown'],
    ['anybody at what is not there', { ...work, name: 'play' }, alice, 'connection_unknown'],
  ])('refuses %s', async (_, key, principal, reason) => {
    const world = await openWorld()
    await world.ask(connections.createConnection, aConnection())
    await world.ask(connections.createConnection, aConnection({ owner: 'user' }))

    const answer = world.ask(connections.removeConnection, key, principal)

    await expect(answer).rejects.toMatchObject({ reason })
    expect((await world.ask(connections.listConnections, {})).items).toHaveLength(2)
  })
})
