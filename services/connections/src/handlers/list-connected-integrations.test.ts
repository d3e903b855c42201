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

describe('listConnectedIntegrations', () => {
  it('names each integration once that somebody can reach, in order', async () => {
    const world = await openWorld()
    for (const slug of ['linear', 'asana']) world.integrations.set(slug, anIntegration(slug))
    const create = (given: Parameters<typeof aConnection>[0], principal = alice) =>
      world.ask(connections.createConnection, aConnection(given), principal)
    await create({ integration: 'linear', name: 'a' })
    await create({ integration: 'linear', name: 'b' })
    await create({ owner: 'user', name: 'mine' })
    await create({ owner: 'user', integration: 'asana', name: 'his' }, bob)

    const slugsOf = async (principal: typeof alice) =>
      (await world.ask(connections.listConnectedIntegrations, {}, principal)).slugs

    expect(await slugsOf(alice)).toEqual(['github', 'linear'])
    expect(await slugsOf(bob)).toEqual(['asana', 'linear'])
    expect(await slugsOf(machine)).toEqual(['linear'])
    expect(await slugsOf(mallory)).toEqual([])
  })
})
