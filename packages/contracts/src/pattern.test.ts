import { describe, expect, it } from 'vitest'
import { explainPatternError, matchPattern, patternSpecificity } from './pattern.ts'

const PATH = 'github.org.work.issues.create'

describe('matchPattern', () => {
  it.each([
    '*',
    'github.*',
    'github.org.work.*',
    'github.*.work.issues.create',
    'github.*.*.issues.*',
    'github.*.*.*.*',
    'github.org.work.issues.create',
    'github.org.work.issues.create.*',
  ])('matches with %s', (pattern) => {
    expect(matchPattern(pattern, PATH)).toBe(true)
  })

  it.each([
    'gitlab.*',
    'github',
    'github.org.work',
    'github.*.create',
    'github.org.work.issues.create.comment',
    'github.org.work.issues.create.*.*',
    'github.org.work.*.delete',
    'GitHub.*',
  ])('does not match with %s', (pattern) => {
    expect(matchPattern(pattern, PATH)).toBe(false)
  })

  it('takes the bare prefix into the subtree', () => {
    expect(matchPattern('github.org.*', 'github.org')).toBe(true)
    expect(matchPattern('github.org.*', 'github')).toBe(false)
  })

  it('fills a middle segment with exactly one', () => {
    expect(matchPattern('a.*.c', 'a.b.c')).toBe(true)
    expect(matchPattern('a.*.c', 'a.c')).toBe(false)
    expect(matchPattern('a.*.c', 'a.b.b.c')).toBe(false)
  })
})

describe('explainPatternError', () => {
  it.each(['*', 'github', 'github.*', 'github.*.work.*', 'a.b.c.d-e_f', 'a.*.*'])(
    'accepts %s',
    (pattern) => {
      expect(explainPatternError(pattern)).toBeNull()
    },
  )

  it.each([
    ['', 'a pattern cannot be empty'],
    ['tools.github.*', 'leave out the "tools." root: patterns start with the integration'],
    ['*.org.work', 'a pattern cannot start with "*" unless it is only "*"'],
    ['*.*', 'a pattern cannot start with "*" unless it is only "*"'],
    ['github..work', 'a pattern cannot have an empty segment'],
    ['.github', 'a pattern cannot have an empty segment'],
    ['github.', 'a pattern cannot have an empty segment'],
    ['git*', '"*" must fill a whole segment, not part of "git*"'],
    ['github.is**', '"*" must fill a whole segment, not part of "is**"'],
    ['a.'.repeat(600), 'a pattern has at most 1024 characters'],
  ])('says what is wrong with %j', (pattern, error) => {
    expect(explainPatternError(pattern)).toBe(error)
  })
})

describe('patternSpecificity', () => {
  it('ranks narrower patterns higher', () => {
    const patterns = ['*', 'a.*', 'a', 'a.b.*', 'a.b', 'a.b.c.*', 'a.b.c']

    expect(patterns.map(patternSpecificity)).toEqual([0, 2, 3, 4, 5, 6, 7])
  })
})
