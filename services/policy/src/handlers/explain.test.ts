import { policy } from '@executor/contracts'
import { beforeEach, describe, expect, it } from 'vitest'
import { openLocalWorld, PATH, type World } from '../../test/fixtures.ts'

describe('explain', () => {
  let world: World
  beforeEach(async () => {
    world = await openLocalWorld()
  })

  it('names the rule that decided and the one that lost', async () => {
    const org = await world.create('github.*', 'block')
    const own = await world.create(PATH, 'approve', { owner: 'user' })
    const input = { address: `tools.${PATH}`, requiresApproval: true }

    expect(await world.ask(policy.explain, input)).toEqual({
      action: 'block',
      source: 'user',
      rule: org,
      path: PATH,
      matches: [org, own],
      defaultAction: 'require_approval',
      reason: `The organization's rule "github.*" blocks it, as the first of the organization's rules that matches ${PATH}. Your own rule "${PATH}" lets it run, but the stricter of the two holds.`,
    })
  })

  it('refuses an address that names nothing', async () => {
    const attempt = world.ask(policy.explain, { address: 'tools.', requiresApproval: false })

    await expect(attempt).rejects.toMatchObject({ reason: 'address_invalid' })
  })
})
