import { describe, expect, it } from 'vitest'
import { isPlain, violatesPattern } from './pattern.ts'

describe('isPlain', () => {
  it.each([
    '^[a-z0-9-]+$',
    '^\\d{4}-\\d{2}-\\d{2}$',
    '^(open|closed|all)$',
    '^(?:a|b)[0-9]{1,5}$',
    '^https?://.*$',
    '[a-z]+',
    '^[^/]+/[^/]+$',
  ])('dares to run %s', (pattern) => {
    const plain = isPlain(pattern)

    expect(plain).toBe(true)
  })

  it.each([
    '^(a+)+$',
    '^(a|a)*$',
    '^(a|aa)+$',
    '(x+x+)+y',
    '^([a-zA-Z0-9._-]+)*@x$',
    'a*a*a*b',
    '^.*.*.*=.*$',
    '^a?a?a?a?a?a?a?a?a?a?aaaaaaaaaa$',
    '(?=a)b',
    '(?<!a)b',
    '(a)\\1',
    '^(a{1,50}){1,50}$',
    'a{1,100}b{1,100}c{1,100}',
    `^${'a'.repeat(600)}$`,
  ])('does not run %s', (pattern) => {
    const plain = isPlain(pattern)

    expect(plain).toBe(false)
  })
})

describe('violatesPattern', () => {
  it.each([
    ['^[a-z]+$', 'abc', false],
    ['^[a-z]+$', 'ABC', true],
    ['^(a+)+$', 'b', false],
    ['(?i)abc', 'x', false],
    ['[', 'x', false],
    ['^[\\w.]+$', 'a.b', false],
    ['^\\p{Lu}', 'a', true],
    ['^[a-z]+$', 'A'.repeat(3000), false],
  ])('%s on %s: %s', (pattern, text, expected) => {
    const violated = violatesPattern(pattern, text)

    expect(violated).toBe(expected)
  })
})
