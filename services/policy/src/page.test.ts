import { describe, expect, it } from 'vitest'
import { aRule } from '../test/fixtures.ts'
import { toPage } from './page.ts'

const rules = ['a0', 'a1', 'a2'].map((position) => aRule({ position }))

describe('toPage', () => {
  it('answers the whole list without a limit', () => {
    expect(toPage(rules, {})).toEqual({ items: rules })
  })

  it('has no next page after the last rule', () => {
    expect(toPage(rules, { limit: 3 })).toEqual({ items: rules })
    expect(toPage([], { limit: 3 })).toEqual({ items: [] })
  })

  it('goes on after a rule that is gone', () => {
    const { nextCursor } = toPage(rules, { limit: 2 })

    const rest = rules.filter(({ position }) => position !== 'a1')

    expect(toPage(rest, { cursor: nextCursor }).items.map(({ position }) => position)).toEqual([
      'a2',
    ])
  })
})
