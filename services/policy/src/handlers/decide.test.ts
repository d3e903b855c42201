import { policy } from '@executor/contracts'
import { beforeEach, describe, expect, it } from 'vitest'
import {
  admin,
  machine,
  member,
  openLocalWorld,
  PATH,
  stranger,
  type World,
} from '../../test/fixtures.ts'

describe('decide', () => {
  let world: World
  beforeEach(async () => {
    world = await openLocalWorld()
  })

  it('answers what the operation asks for where there is no rule', async () => {
    const input = { path: PATH, requiresApproval: true }

    expect(await world.ask(policy.decide, input)).toEqual({
      action: 'require_approval',
      source: 'plugin-default',
    })
  })

  it('holds a change for every call that starts after it was answered', async () => {
    expect(await world.decide()).toBe('approve')

    const rule = await world.create('github.*', 'block')
    expect(await world.decide()).toBe('block')

    const { id } = rule
    await world.ask(policy.updateRule, { id, owner: 'org', action: 'require_approval' })
    expect(await world.decide()).toBe('require_approval')

    await world.ask(policy.removeRule, { id, owner: 'org' })
    expect(await world.decide()).toBe('approve')
  })

  it('takes the strictest of the organization’s and the account’s first match', async () => {
    await world.create('github.*', 'require_approval')
    await world.create('github.*', 'block', { owner: 'user', principal: member })
    await world.create('github.*', 'approve', { owner: 'user', principal: admin })

    expect(await world.decide(PATH, member)).toBe('block')
    expect(await world.decide(PATH, admin)).toBe('require_approval')
    expect(await world.decide(PATH, machine)).toBe('require_approval')
  })

  it('keeps tenants apart', async () => {
    await world.create('*', 'block')
    await world.create('*', 'block', { owner: 'user' })

    expect(await world.decide(PATH, stranger)).toBe('approve')
  })
})
