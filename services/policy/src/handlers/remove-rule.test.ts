import { policy } from '@executor/contracts'
import { beforeEach, describe, expect, it } from 'vitest'
import { admin, member, openLocalWorld, stranger, type World } from '../../test/fixtures.ts'

describe('removeRule', () => {
  let world: World
  beforeEach(async () => {
    world = await openLocalWorld()
  })

  it('says whether there was anything to remove', async () => {
    const { id } = await world.create('*')

    expect(await world.ask(policy.removeRule, { id, owner: 'org' })).toEqual({ removed: true })
    expect(await world.ask(policy.removeRule, { id, owner: 'org' })).toEqual({ removed: false })
    expect(await world.list()).toEqual([])
  })

  it('removes no rule of another owner, account or tenant', async () => {
    const { id } = await world.create('*', 'block', { owner: 'user', principal: member })
    const attempts = [
      world.ask(policy.removeRule, { id, owner: 'org' }, admin),
      world.ask(policy.removeRule, { id, owner: 'user' }, admin),
      world.ask(policy.removeRule, { id, owner: 'user' }, { ...stranger, subject: 'bob' }),
    ]

    expect(await Promise.all(attempts)).toEqual(attempts.map(() => ({ removed: false })))
    expect(await world.list(member)).toEqual(['user *'])
  })
})
