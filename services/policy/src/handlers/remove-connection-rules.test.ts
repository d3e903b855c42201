import { policy } from '@executor/contracts'
import { beforeEach, describe, expect, it } from 'vitest'
import { admin, member, openLocalWorld, PATH, type World } from '../../test/fixtures.ts'

const byMember = { owner: 'user', principal: member } as const

describe('removeConnectionRules', () => {
  let world: World
  beforeEach(async () => {
    world = await openLocalWorld()
  })

  it('removes everybody’s rules of the organization’s connection', async () => {
    for (const pattern of ['github.*', 'github.org.work.*', 'github.*.work.*', PATH]) {
      await world.create(pattern)
    }
    await world.create('github.org.work.x', 'block', byMember)
    const ref = { integration: 'github', owner: 'org', connection: 'work' } as const

    expect(await world.ask(policy.removeConnectionRules, ref)).toEqual({ removed: 3 })
    expect(await world.list(member)).toEqual(['org github.*.work.*', 'org github.*'])
  })

  it('removes only the owner’s rules of a personal connection', async () => {
    const pattern = 'github.user.work.*'
    await world.create(pattern)
    await world.create(pattern, 'block', byMember)
    await world.create(pattern, 'block', { owner: 'user' })
    const ref = { integration: 'github', owner: 'user', connection: 'work' } as const

    expect(await world.ask(policy.removeConnectionRules, ref, member)).toEqual({ removed: 1 })
    expect(await world.list(member)).toEqual([`org ${pattern}`])
    expect(await world.list(admin)).toEqual([`org ${pattern}`, `user ${pattern}`])
  })
})
