import { connections } from '@executor/contracts'
import { describe, expect, it } from 'vitest'
import { aConnection, alice, bob, mallory, openWorld } from '../../test/fixtures.ts'

const personal = { owner: 'user', integration: 'github', name: 'work' } as const

describe('getConnection', () => {
  it('answers one by its name', async () => {
    const world = await openWorld()
    await world.ask(connections.createConnection, aConnection())

    const connection = await world.ask(
      connections.getConnection,
      { ...personal, owner: 'org' },
      bob,
    )

    expect(connection.address).toBe('tools.github.org.work')
  })

  it.each([
    ['another member', bob],
    ['another tenant', mallory],
  ])('hides a personal one from %s', async (_, principal) => {
    const world = await openWorld()
    await world.ask(connections.createConnection, aConnection({ owner: 'user' }), alice)

    const answer = world.ask(connections.getConnection, personal, principal)

    await expect(answer).rejects.toMatchObject({
      code: 'not_found',
      reason: 'connection_unknown',
      message: 'No personal connection named "work" for github. Create one in Connections.',
    })
  })

  it('knows no name with a null character', async () => {
    const world = await openWorld()

    const answer = world.ask(connections.getConnection, { ...personal, name: 'wo\0rk' })

    await expect(answer).rejects.toMatchObject({ reason: 'connection_unknown' })
  })
})
