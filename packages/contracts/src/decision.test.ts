import { describe, expect, it } from 'vitest'
import { createDecider, decideAction, matchRules } from './decision.ts'
import { matchPattern } from './pattern.ts'
import type { Rule, RuleAction } from './policy.ts'

const PATH = 'github.org.work.issues.create'

function aRule(owner: Rule['owner'], pattern: string, action: RuleAction): Rule {
  const id = `${owner} ${pattern} ${action}`
  return { id, owner, pattern, action, position: '', createdAt: 0, updatedAt: 0 }
}

describe('decideAction', () => {
  it('falls back to what the operation asks for', () => {
    expect(decideAction([], PATH, false)).toEqual({ action: 'approve', source: 'plugin-default' })
    expect(decideAction([], PATH, true)).toEqual({
      action: 'require_approval',
      source: 'plugin-default',
    })
  })

  it('ignores what the operation asks for where a rule matches', () => {
    const rule = aRule('org', 'github.*', 'approve')

    expect(decideAction([rule], PATH, true)).toEqual({ action: 'approve', source: 'user', rule })
  })

  it('takes the first match of an owner, however strict the later ones are', () => {
    const rules = [aRule('org', 'github.*', 'approve'), aRule('org', '*', 'block')]

    expect(decideAction(rules, PATH, true).action).toBe('approve')
  })

  it('lets a user tighten an organization’s rule', () => {
    const rules = [aRule('org', '*', 'approve'), aRule('user', 'github.*', 'block')]

    expect(decideAction(rules, PATH, false)).toMatchObject({
      action: 'block',
      rule: { owner: 'user' },
    })
  })

  it('lets no user loosen an organization’s rule', () => {
    const rules = [aRule('user', PATH, 'approve'), aRule('org', '*', 'require_approval')]

    expect(decideAction(rules, PATH, false)).toMatchObject({
      action: 'require_approval',
      rule: { owner: 'org' },
    })
  })

  it('names the organization’s rule when both say the same', () => {
    const rules = [aRule('user', '*', 'block'), aRule('org', '*', 'block')]

    expect(decideAction(rules, PATH, false).rule?.owner).toBe('org')
  })
})

describe('matchRules', () => {
  it('answers the first match of each owner', () => {
    const rules = [
      aRule('user', 'github.*', 'approve'),
      aRule('org', 'gitlab.*', 'block'),
      aRule('org', 'github.*', 'block'),
      aRule('org', '*', 'approve'),
    ]

    expect(matchRules(rules, PATH).map((rule) => rule.id)).toEqual([
      'org github.* block',
      'user github.* approve',
    ])
  })
})

describe('createDecider', () => {
  const segments = ['a', 'b', '*']
  const patterns = [
    '*',
    ...['a', 'b'].flatMap((first) => [
      first,
      ...segments.flatMap((second) => [
        `${first}.${second}`,
        ...segments.map((third) => `${first}.${second}.${third}`),
      ]),
    ]),
  ]
  const paths = [
    'a',
    'b',
    'c',
    'a.b',
    'a.a',
    'b.c',
    'a.b.a',
    'a.b.c',
    'b.b.b',
    'a.b.a.b',
    'c.c.c.c',
  ]

  it.each(patterns)('matches %s as matchPattern does', (pattern) => {
    const decider = createDecider([aRule('org', pattern, 'block')])

    const matched = paths.filter((path) => decider.match(path).length > 0)

    expect(matched).toEqual(paths.filter((path) => matchPattern(pattern, path)))
  })

  it.each(paths)('finds the first of many rules for %s', (path) => {
    for (let turn = 0; turn < patterns.length; turn++) {
      const turned = [...patterns.slice(turn), ...patterns.slice(0, turn)]
      const decider = createDecider(turned.map((pattern) => aRule('org', pattern, 'block')))

      const [first] = decider.match(path)

      expect(first?.pattern).toBe(turned.find((pattern) => matchPattern(pattern, path)))
    }
  })

  it('is not confused by names that objects have', () => {
    const decider = createDecider([aRule('org', 'constructor.*', 'block')])

    expect(decider.decide('__proto__.x', false).action).toBe('approve')
    expect(decider.decide('constructor.x', false).action).toBe('block')
  })
})
