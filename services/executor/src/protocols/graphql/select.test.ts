import { describe, expect, it } from 'vitest'
import { parseSelect } from './select.ts'

function selected(text: string): string {
  const parsed = parseSelect(text)
  return 'selection' in parsed
    ? parsed.selection.replace(/\s+/g, ' ')
    : `refused: ${parsed.problem}`
}

describe('parseSelect', () => {
  it.each([
    ['{ id name }', '{ id name }'],
    ['id name', '{ id name }'],
    ['\n  # what it is\n  id', '{ id }'],
    ['id # a comment that would swallow the brace', '{ id }'],
    [
      'issues(first: 3, states: [OPEN]) { nodes { id } }',
      '{ issues(first: 3, states: [OPEN]) { nodes { id } } }',
    ],
    ['count: total', '{ count: total }'],
    ['... on User { login }', '{ ... on User { login } }'],
    ['id @include(if: true)', '{ id @include(if: true) }'],
    ['name(as: "}")', '{ name(as: "}") }'],
    ['name(as: """ } """)', '{ name(as: """ } """) }'],
  ])('takes %s', (text, expected) => {
    expect(selected(text)).toBe(expected)
  })

  it.each([
    ['an unclosed brace', '{ id'],
    ['another operation behind it', 'id } } mutation evil { deleteAll { ok }'],
    ['another operation behind its braces', '{ id } mutation evil { deleteAll }'],
    ['a fragment definition', '{ id } fragment F on User { id }'],
    ['a named query', '{ id } query other { id }'],
    ['two selections', '{ id } { name }'],
    ['a fragment by name', '{ ...F }'],
    ['a variable', '{ issues(first: $n) { id } }'],
    ['a variable in a directive', '{ id @include(if: $yes) }'],
    ['an answer in parts', '{ ... @defer { id } }'],
    ['empty braces', '{ }'],
    ['empty braces inside', '{ user { } }'],
    ['text', 'give me everything!'],
    ['too many levels', `${'{ a '.repeat(16)}${'}'.repeat(16)}`],
    ['levels without end', '{a'.repeat(9_000)],
    ['lists without end', `a(x: ${'['.repeat(18_000)}`],
    ['too many fields', 'a '.repeat(4_001)],
    ['too much text', 'a'.repeat(20_001)],
  ])('refuses %s', (_name, text) => {
    expect(selected(text)).toMatch(/^refused: \S/)
  })

  it('says what to write instead', () => {
    expect([selected('{ ...User }'), selected('a(b: $c)'), selected('{ }')]).toEqual([
      'refused: "...User" names a fragment; write "... on User { }" for a type',
      'refused: "$c" is a variable; write the value itself',
      'refused: braces must not be empty',
    ])
  })
})
