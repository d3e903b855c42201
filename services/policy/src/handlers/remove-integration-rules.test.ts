import { policy } from '@executor/contracts'
import { beforeEach, describe, expect, it } from 'vitest'
import { member, openLocalWorld, PATH, stranger, type World } from '../../test/fixtures.ts'

const byMember = { owner: 'user', principal: member } as const

describe('removeIntegrationRules', () => {
  let world: World
  beforeEach(async () => {
    world = await openLocalWorld()
  })

  it('removes every rule of an integration, everybody’s', async () => {
    for (const pattern of ['*', 'github.*', 'github_2.*', PATH]) await world.create(pattern)
    await world.create('github.*', 'block', byMember)

    const result = await world.ask(policy.removeIntegrationRules, { integration: 'github' })

    expect(result).toEqual({ removed: 3 })
    expect(await world.list(member)).toEqual(['org github_2.*', 'org *'])
  })

  it('leaves other tenants alone', async () => {
    await world.create('github.*')

    const input = { integration: 'github' }
    expect(await world.ask(policy.removeIntegrationRules, input, stranger)).toEqual({
      removed: 0,
    })
  })
})
