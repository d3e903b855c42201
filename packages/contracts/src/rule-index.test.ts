import { describe, expect, it } from 'vitest'
import { createRuleIndex } from './rule-index.ts'

const anIndex = (...patterns: string[]) =>
  createRuleIndex(
    patterns.map((pattern) => ({
      id: pattern,
      owner: 'org',
      pattern,
      action: 'block',
      position: '',
      createdAt: 0,
      updatedAt: 0,
    })),
  )

describe('createRuleIndex', () => {
  const prefixes = ['github', 'github.org', 'github.org.work', 'github.user.work', 'gitlab']

  it.each([
    ['*', prefixes],
    ['github', []],
    ['github.*', ['github', 'github.org', 'github.org.work', 'github.user.work']],
    ['github.org.work', ['github', 'github.org']],
    ['github.*.work', ['github', 'github.org']],
    ['github.*.work.*', ['github', 'github.org', 'github.org.work', 'github.user.work']],
    ['github.user.*.*.y', ['github', 'github.user.work']],
    ['github.org.play.x', ['github', 'github.org']],
    ['gitlab.org.work.x', ['gitlab']],
  ])('says below which prefixes %s could match', (pattern, expected) => {
    const index = anIndex(pattern)

    const below = prefixes.filter((prefix) => index.matchesBelow(prefix))

    expect(below).toEqual(expected)
  })

  it('finds the rule among others that matches below a prefix', () => {
    const index = anIndex('github.org.*.x', 'github.user.work.*', 'gitlab.org')

    expect(index.matchesBelow('github.org.play')).toBe(true)
    expect(index.matchesBelow('github.user.work')).toBe(true)
    expect(index.matchesBelow('github.user.play')).toBe(false)
    expect(index.matchesBelow('gitlab.org')).toBe(false)
  })
})
