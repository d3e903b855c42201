import { policy } from '@executor/contracts'
import { beforeEach, describe, expect, it } from 'vitest'
import { openLocalWorld, PATH, type World } from '../../test/fixtures.ts'

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
})
