import { connections } from '@executor/contracts'
import { describe, expect, it } from 'vitest'
import { aConnection, agent, alice, bob, openWorld } from '../../test/fixtures.ts'

const work = { owner: 'org', integration: 'github', name: 'work' } as const

describe('updateConnection', () => {
  it('changes the words and leaves the credential alone', async () => {
    const world = await openWorld()
    await world.ask(connections.createConnection, aConnection({ identityLabel: 'me' }))
    const before = await world.askInside(connections.resolveCredential, work)

    const connection = await world.ask(connections.updateConnection, {
      ...work,
      description: 'For deploys.\0',
    })

    expect(connection).toMatchObject({ identityLabel: 'me', description: 'For deploys.' })
    expect(await world.askInside(connections.resolveCredential, work)).toEqual(before)
    await expect.poll(() => world.events).toHaveLength(2)
  })

  it('clears what is set to null', async () => {
    const world = await openWorld()
    await world.ask(connections.createConnection, aConnection({ identityLabel: 'me' }))

    const connection = await world.ask(connections.updateConnection, {
      ...work,
      identityLabel: null,
    })

    expect(connection.identityLabel).toBeNull()
  })

  it.each([
    ['a member at a shared one', work, bob, 'org_write_denied'],
    ['an agent', work, agent, 'agent_not_allowed'],
    ['anybody at another’s', { ...work, owner: 'user' as const }, bob, 'connection_unknown'],
    ['anybody at what is not there', { ...work, name: 'play' }, alice, 'connection_unknown'],
  ])('refuses %s', async (_, key, principal, reason) => {
    const world = await openWorld()
    await world.ask(connections.createConnection, aConnection())
    await world.ask(connections.createConnection, aConnection({ owner: 'user' }))

    const answer = world.ask(connections.updateConnection, { ...key, description: 'x' }, principal)

    await expect(answer).rejects.toMatchObject({ reason })
  })
})
