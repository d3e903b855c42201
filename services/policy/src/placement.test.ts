import type { Rule } from '@executor/contracts'
import { describe, expect, it } from 'vitest'
import { aRule } from '../test/fixtures.ts'
import { assertPosition, inOrder, placeBySpecificity, respace } from './placement.ts'

function insert(rules: Rule[], pattern: string): Rule[] {
  const position = placeBySpecificity(rules, pattern)
  return inOrder([...rules, aRule({ pattern, position })])
}

const patternsOf = (rules: Rule[]) => rules.map(({ pattern }) => pattern)

describe('placeBySpecificity', () => {
  it('orders rules from narrow to broad, whatever order they come in', () => {
    const patterns = ['*', 'a.b', 'a.*', 'a.b.c', 'a.b.*']

    for (let turn = 0; turn < patterns.length; turn++) {
      const turned = [...patterns.slice(turn), ...patterns.slice(0, turn)]
      const rules = turned.reduce(insert, [] as Rule[])

      expect(patternsOf(rules)).toEqual(['a.b.c', 'a.b', 'a.b.*', 'a.*', '*'])
    }
  })

  it('puts the latest of equals first', () => {
    expect(patternsOf(['a.*', 'b.*', 'c.*'].reduce(insert, [] as Rule[]))).toEqual([
      'c.*',
      'b.*',
      'a.*',
    ])
  })

  it('goes below every narrower rule where people arranged the list differently', () => {
    const rules = [
      aRule({ pattern: '*', position: 'a0' }),
      aRule({ pattern: 'a.b.c', position: 'a1' }),
      aRule({ pattern: 'b.*', position: 'a2' }),
    ]

    expect(patternsOf(insert(rules, 'a.*'))).toEqual(['*', 'a.b.c', 'a.*', 'b.*'])
  })
})

describe('assertPosition', () => {
  it('accepts what lies between', () => {
    expect(() => assertPosition('a0V', [aRule({ position: 'a0' })])).not.toThrow()
  })

  it.each(['', '0', 'a', 'a0 ', 'a00', '~~', 'A00000000000000000000000000'])(
    'refuses %j',
    (position) => {
      expect(() => assertPosition(position, [])).toThrowError(
        expect.objectContaining({ reason: 'position_invalid' }),
      )
    },
  )
})

describe('respace', () => {
  it('does nothing while positions are short', () => {
    expect(respace([aRule({ position: 'a0' })])).toEqual([])
  })

  it('deals short positions in the same order once one grew long', () => {
    const rules = [
      aRule({ pattern: 'a', position: 'a0' }),
      aRule({ pattern: 'b', position: `a0${'V'.repeat(80)}` }),
      aRule({ pattern: 'c', position: 'a1' }),
    ]

    expect(respace(rules).map(({ pattern, position }) => `${pattern} ${position}`)).toEqual([
      'a a0',
      'b a1',
      'c a2',
    ])
  })
})
