import { describe, expect, it } from 'vitest'
import { isDeeperThan, toJsonText } from './json-text.ts'

const CHARS_MAX = 30_000

function nested(levels: number, wrap = (value: unknown): unknown => [value]): unknown {
  let value: unknown = 1
  for (let level = 0; level < levels; level++) value = wrap(value)
  return value
}

describe('toJsonText', () => {
  it.each([
    [null],
    [1.5],
    ['a "quoted"\nline \u2028 \ud800'],
    [[]],
    [{}],
    [[[], {}, [1]]],
    [{ a: undefined, b: [undefined, null], c: { 'd e': true } }],
    [{ a: undefined }],
    [
      {
        list: [
          { id: 1, tags: ['x', 'y'] },
          { id: 2, tags: [] },
        ],
        näme: 'ü',
      },
    ],
    [nested(24)],
  ])('writes %j as JSON.stringify does', (value) => {
    expect(toJsonText(value, CHARS_MAX)).toEqual({
      text: JSON.stringify(value, null, 2),
      isCut: false,
    })
  })

  it('writes no more than is shown, and says so', () => {
    const rows = Array.from({ length: 10_000 }, (_, id) => ({ id, name: `row ${id}` }))

    const { text, isCut } = toJsonText(rows, 1_000)

    expect(text).toBe(JSON.stringify(rows, null, 2).slice(0, 1_000))
    expect(isCut).toBe(true)
  })

  it('reads nothing that is not shown', () => {
    const never = {
      get field(): never {
        throw new TypeError('read')
      },
    }

    const { isCut } = toJsonText(['x'.repeat(2_000), never], 1_000)

    expect(isCut).toBe(true)
  })

  it('cuts a long string in the middle of what it holds', () => {
    const value = { text: '\n'.repeat(100_000) }

    expect(toJsonText(value, 1_001)).toEqual({
      text: JSON.stringify(value, null, 2).slice(0, 1_001),
      isCut: true,
    })
  })

  it.each([
    ['lists', (value: unknown) => [value]],
    ['objects', (value: unknown) => ({ a: value })],
  ])('writes deep %s on one line, however deep they are', (_, wrap) => {
    const { text, isCut } = toJsonText(nested(2_000, wrap), CHARS_MAX)
    const whole = toJsonText(nested(100_000, wrap), CHARS_MAX)

    expect(isCut).toBe(false)
    expect(JSON.stringify(JSON.parse(text))).toBe(JSON.stringify(nested(2_000, wrap)))
    expect(text.split('\n')).toHaveLength(2 * 24 + 1)
    expect(whole.text).toHaveLength(CHARS_MAX)
    expect(whole.isCut).toBe(true)
  })
})

describe('isDeeperThan', () => {
  it.each([
    [1, 0, false],
    [[], 0, false],
    [[1], 0, false],
    [[[]], 0, true],
    [{ a: { b: [1] } }, 2, false],
    [{ a: { b: [1] } }, 1, true],
  ])('counts the levels of %j', (value, levelsMax, expected) => {
    expect(isDeeperThan(value, levelsMax)).toBe(expected)
  })

  it('counts any number of levels', () => {
    expect(isDeeperThan(nested(100_000), 1_000)).toBe(true)
  })
})
