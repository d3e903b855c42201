import { policy } from '@executor/contracts'
import { beforeEach, describe, expect, it } from 'vitest'
import { openLocalWorld, type World } from '../../test/fixtures.ts'

describe('updateRule', () => {
  let world: World
  beforeEach(async () => {
    world = await openLocalWorld()
  })

  it('changes what is given and keeps the place', async () => {
    await world.create('github.*')
    const { id } = await world.create('*', 'block')

    const rule = await world.ask(policy.updateRule, { id, owner: 'org', pattern: 'github.a.b' })

    expect(rule).toMatchObject({ id, pattern: 'github.a.b', action: 'block', createdAt: 1_001 })
    expect(await world.list()).toEqual(['org github.*', 'org github.a.b'])
  })

  it('moves a rule', async () => {
    await world.create('github.*')
    const { id, position } = await world.create('*')

    await world.ask(policy.updateRule, { id, owner: 'org', position: 'Zz' })

    expect(position).toBe('a1')
    expect(await world.list()).toEqual(['org *', 'org github.*'])
  })

  it('accepts the position that the rule has', async () => {
    const { id, position } = await world.create('*')

    const rule = await world.ask(policy.updateRule, { id, owner: 'org', position })

    expect(rule.position).toBe(position)
  })

  it('refuses an invalid pattern', async () => {
    const { id } = await world.create('*')
    const attempt = world.ask(policy.updateRule, { id, owner: 'org', pattern: '*.x' })

    await expect(attempt).rejects.toMatchObject({ reason: 'pattern_invalid' })
  })
})
