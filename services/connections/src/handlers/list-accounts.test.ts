import { connections } from '@executor/contracts'
import { describe, expect, it } from 'vitest'
import { aConnection, alice, anIntegration, bob, openWorld } from '../../test/fixtures.ts'

async function aPopulatedWorld() {
  const world = await openWorld()
  world.integrations.set('linear', anIntegration('linear'))
  await world.ask(
    connections.createConnection,
    aConnection({ integration: 'linear', name: 'team' }),
  )
  await world.ask(connections.createConnection, aConnection({ owner: 'user', name: 'mine' }))
  return world
}

describe('listAccounts', () => {
  it('lists what tools are made of, as the asker sees it', async () => {
    const world = await aPopulatedWorld()
    const list = async (filter: { integration?: string; owner?: 'org' | 'user' }, who = alice) =>
      (await world.askInside(connections.listAccounts, filter, who)).accounts?.map(
        ({ name }) => name,
      )

    const { accounts } = await world.askInside(connections.listAccounts, {})

    expect(accounts).toEqual([
      { integration: 'github', owner: 'user', name: 'mine', updatedAt: expect.any(Number) },
      { integration: 'linear', owner: 'org', name: 'team', updatedAt: expect.any(Number) },
    ])
    expect(await list({ integration: 'linear' })).toEqual(['team'])
    expect(await list({ owner: 'user' })).toEqual(['mine'])
    expect(await list({}, bob)).toEqual(['team'])
    expect(await list({ owner: 'user' }, { ...alice, subject: '' })).toEqual([])
  })

  it('says that a list is the same, until it is not', async () => {
    const world = await aPopulatedWorld()
    const { version } = await world.askInside(connections.listAccounts, {})
    const again = () => world.askInside(connections.listAccounts, { known: version })

    const same = await again()
    await world.ask(connections.createConnection, aConnection({ name: 'another' }))
    const grown = await again()
    await world.ask(connections.removeConnection, {
      owner: 'org',
      integration: 'github',
      name: 'another',
    })
    const asBefore = await again()

    expect(same).toEqual({ version, accounts: null })
    expect(grown.accounts?.map(({ name }) => name)).toEqual(['another', 'mine', 'team'])
    expect(asBefore).toEqual({ version, accounts: null })
  })
})
