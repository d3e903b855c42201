import { describe, expect, it } from 'vitest'
import { isTooDeep } from './nesting.ts'

const nested = (depth: number, inner = '1') => '['.repeat(depth) + inner + ']'.repeat(depth)
const objects = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`

describe('isTooDeep', () => {
  it.each([
    ['a number', '1', false],
    ['500 lists', nested(500), false],
    ['501 lists', nested(501), true],
    ['500 objects', objects(500), false],
    ['501 objects', objects(501), true],
    ['brackets in a text', JSON.stringify('[{'.repeat(1000)), false],
    ['brackets after escapes', JSON.stringify({ a: `"\\\\${'['.repeat(1000)}\\"` }), false],
    ['a text that ends in an escape', `["${'x'.repeat(1000)}\\\\",${nested(500)}]`, true],
    ['many lists side by side', `[${Array.from({ length: 1000 }, () => '[]').join()}]`, false],
  ])('reads %s', (_what, json, expected) => {
    expect(isTooDeep(json)).toBe(expected)
  })
})
