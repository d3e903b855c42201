import { policy } from '@executor/contracts'
import { beforeEach, describe, expect, it } from 'vitest'
import { openLocalWorld, PATH, type World } from '../../test/fixtures.ts'

describe('createRule', () => {
  let world: World
  beforeEach(async () => {
    world = await openLocalWorld()
  })

  it('answers the rule as it is listed', async () => {
    const rule = await world.create('github.*', 'require_approval')

    expect(rule).toEqual({
      id: 'pol_1',
      owner: 'org',
      pattern: 'github.*',
      action: 'require_approval',
      position: 'a0',
      createdAt: 1_000,
      updatedAt: 1_000,
    })
    expect(await world.ask(policy.listRules, {})).toEqual({ items: [rule] })
  })

  it('puts a rule below narrower ones and above its equals', async () => {
    for (const pattern of ['github.*', '*', 'github.org.work.*', 'gitlab.*', PATH]) {
      await world.create(pattern)
    }

    expect(await world.list()).toEqual([
      `org ${PATH}`,
      'org github.org.work.*',
      'org gitlab.*',
      'org github.*',
      'org *',
    ])
  })

  it('puts a rule where it is told to', async () => {
    await world.create('github.*')
    await world.create('*')

    const position = 'a0V'
    await world.ask(policy.createRule, { owner: 'org', pattern: 'x', action: 'block', position })

    expect(await world.list()).toEqual(['org github.*', 'org x', 'org *'])
  })

  it('keeps its order however often rules are put in one place', async () => {
    await world.create('bottom')
    for (let n = 0; n < 40; n++) await world.create(`a.n${n}.*`)
    const { items } = await world.ask(policy.listRules, {})

    expect(items.slice(0, 2).map(({ pattern }) => pattern)).toEqual(['a.n39.*', 'a.n38.*'])
    expect(items.at(-1)?.pattern).toBe('bottom')
  })

  it.each([
    ['git*', 'pattern_invalid'],
    ['tools.github.*', 'pattern_invalid'],
    ['a..b', 'pattern_invalid'],
  ])('refuses the pattern %s', async (pattern, reason) => {
    await expect(world.create(pattern)).rejects.toMatchObject({
      code: 'invalid_argument',
      reason,
      message: expect.stringContaining(pattern),
    })
  })

  it('refuses a position that is none, or taken', async () => {
    await world.create('github.*')
    const at = (position: string) =>
      world.ask(policy.createRule, { owner: 'org', pattern: 'x', action: 'block', position })

    for (const position of ['', 'x', 'a00', "a'--", 'aé']) {
      await expect(at(position)).rejects.toMatchObject({ reason: 'position_invalid' })
    }
    await expect(at('a0')).rejects.toMatchObject({ reason: 'position_taken' })
  })

  it('gives each of many that come at once a position of its own', async () => {
    const patterns = Array.from({ length: 8 }, (_, index) => `many.n${index}.*`)

    const rules = await Promise.all(patterns.map((pattern) => world.create(pattern)))

    expect(new Set(rules.map(({ position }) => position)).size).toBe(8)
    expect(await world.list()).toHaveLength(8)
  })
})
