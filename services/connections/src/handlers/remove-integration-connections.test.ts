import { connections } from '@executor/contracts'
import { describe, expect, it } from 'vitest'
import {
  aConnection,
  alice,
  anIntegration,
  bob,
  machine,
  mallory,
  openWorld,
} from '../../test/fixtures.ts'

const input = { integration: 'github' }

describe('removeIntegrationConnections', () => {
  it('removes every member’s rows and values, and nothing else', async () => {
    const world = await openWorld()
    world.integrations.set('linear', anIntegration('linear'))
    const create = (given: Parameters<typeof aConnection>[0], principal = alice) =>
      world.ask(connections.createConnection, aConnection(given), principal)
    await create({})
    await create({ owner: 'user' })
    await create({ owner: 'user' }, bob)
    await create({ integration: 'linear' })
    await create({}, mallory)

    const answer = await world.askInside(connections.removeIntegrationConnections, input, machine)

    const left = await world.store.listSecrets({ limit: 10 })
    expect(answer).toEqual({ removed: 3 })
    expect(left.map(({ tenant, id }) => `${tenant} ${id.split(':')[2]}`).sort()).toEqual([
      'acme linear',
      'other github',
    ])
    await expect
      .poll(() => world.events.slice(5))
      .toMatchObject([{ change: 'removed' }, { change: 'removed' }, { change: 'removed' }])
  })

  it('is not for strangers', async () => {
    const world = await openWorld()

    const answer = world.ask(connections.removeIntegrationConnections, input)

    await expect(answer).rejects.toMatchObject({ code: 'permission_denied' })
  })
})
