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

async function aPopulatedWorld() {
  const world = await openWorld()
  world.integrations.set('linear', anIntegration('linear'))
  const create = (given: Parameters<typeof aConnection>[0], principal = alice) =>
    world.ask(connections.createConnection, aConnection(given), principal)
  await create({ integration: 'linear', name: 'team' })
  await create({ name: 'b' })
  await create({ name: 'a' })
  await create({ owner: 'user', name: 'mine' })
  await create({ owner: 'user', name: 'his' }, bob)
  await create({ name: 'elsewhere' }, mallory)
  return world
}

describe('listConnections', () => {
  it('lists what is shared and what is one’s own, in a stable order', async () => {
    const world = await aPopulatedWorld()

    const { items } = await world.ask(connections.listConnections, {})

    expect(items.map(({ address }) => address)).toEqual([
      'tools.github.org.a',
      'tools.github.org.b',
      'tools.github.user.mine',
      'tools.linear.org.team',
    ])
  })

  it.each([
    ['an owner', { owner: 'user' as const }, bob, ['his']],
    ['the organization', { owner: 'org' as const }, bob, ['a', 'b', 'team']],
    ['an integration', { integration: 'linear' }, alice, ['team']],
    ['both', { owner: 'org' as const, integration: 'github' }, alice, ['a', 'b']],
    ['nobody’s own', { owner: 'user' as const }, machine, []],
    ['nothing there is', { integration: 'nowhere' }, alice, []],
  ])('narrows to %s', async (_, input, principal, names) => {
    const world = await aPopulatedWorld()

    const { items } = await world.ask(connections.listConnections, input, principal)

    expect(items.map(({ name }) => name)).toEqual(names)
  })

  it('pages through all of them once', async () => {
    const world = await aPopulatedWorld()

    const first = await world.ask(connections.listConnections, { limit: 2 })
    const second = await world.ask(connections.listConnections, {
      limit: 2,
      cursor: first.nextCursor,
    })

    expect(first.items.map(({ name }) => name)).toEqual(['a', 'b'])
    expect(second.items.map(({ name }) => name)).toEqual(['mine', 'team'])
    expect(second.nextCursor).toBeUndefined()
  })

  it('refuses a cursor that is not ours', async () => {
    const world = await openWorld()

    const answer = world.ask(connections.listConnections, { cursor: 'bm9uc2Vuc2U' })

    await expect(answer).rejects.toMatchObject({
      code: 'invalid_argument',
      reason: 'cursor_invalid',
    })
  })
})
