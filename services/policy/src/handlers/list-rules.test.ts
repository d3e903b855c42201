import { policy } from '@executor/contracts'
import { beforeEach, describe, expect, it } from 'vitest'
import { openLocalWorld, type World } from '../../test/fixtures.ts'

describe('listRules', () => {
  let world: World
  beforeEach(async () => {
    world = await openLocalWorld()
  })

  it('pages through the organization’s rules, then the account’s', async () => {
    for (const pattern of ['a', 'b', 'c']) await world.create(pattern)
    for (const pattern of ['d', 'e']) await world.create(pattern, 'block', { owner: 'user' })
    const seen: string[] = []
    let cursor: string | undefined

    do {
      const page = await world.ask(policy.listRules, { limit: 2, ...(cursor && { cursor }) })
      seen.push(page.items.map(({ pattern }) => pattern).join())
      cursor = page.nextCursor
    } while (cursor)

    expect(seen).toEqual(['c,b', 'a,e', 'd'])
  })

  it('refuses a cursor that is not ours', async () => {
    const attempt = world.ask(policy.listRules, { cursor: 'bm9wZQ' })

    await expect(attempt).rejects.toMatchObject({ reason: 'cursor_invalid' })
  })
})
