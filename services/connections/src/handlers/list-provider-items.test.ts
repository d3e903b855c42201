import { connections } from '@executor/contracts'
import { describe, expect, it } from 'vitest'
import { alice, bob, openWorld } from '../../test/fixtures.ts'

describe('listProviderItems', () => {
  it('lists names and no values', async () => {
    const world = await openWorld({
      variables: { EXECUTOR_CREDENTIAL_B: 'b', EXECUTOR_CREDENTIAL_A: 'a', PATH: '/bin' },
    })

    const items = await world.ask(connections.listProviderItems, { key: 'env' })

    expect(items).toEqual([
      { id: 'A', name: 'A' },
      { id: 'B', name: 'B' },
    ])
  })

  it('lists nothing of a provider whose items belong to connections', async () => {
    const world = await openWorld()

    expect(await world.ask(connections.listProviderItems, { key: 'encrypted' })).toEqual([])
  })

  it.each([
    ['an unknown provider', 'keychain', alice, 'credential_provider_unknown'],
    ['a member', 'env', bob, 'provider_access_denied'],
  ])('refuses %s', async (_, key, principal, reason) => {
    const world = await openWorld()

    const answer = world.ask(connections.listProviderItems, { key }, principal)

    await expect(answer).rejects.toMatchObject({ reason })
  })
})
