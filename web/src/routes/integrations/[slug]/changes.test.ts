import { describe, expect, it } from 'vitest'
import { findDifference } from './difference.ts'
import { toRefreshWords } from './refresh-words.ts'
import { scheduleChoices } from './upkeep-choices.ts'

describe('the difference of two texts', () => {
  it('is cut at whole words', () => {
    expect(findDifference('Lists open orders.', 'Lists opened orders.')).toEqual({
      lead: 'Lists ',
      before: 'open',
      after: 'opened',
      tail: ' orders.',
    })
  })

  it('counts nothing twice where a text repeats itself', () => {
    expect(findDifference('a a', 'a a a')).toEqual({
      lead: 'a a',
      before: '',
      after: ' a',
      tail: '',
    })
  })

  it('is everything, or nothing', () => {
    expect(findDifference('one', 'two')).toMatchObject({ lead: '', before: 'one', after: 'two' })
    expect(findDifference('same', 'same')).toMatchObject({ lead: 'same', before: '', after: '' })
  })
})

describe('a refresh in words', () => {
  const nothing = { slug: 'a', toolCount: 3, addedTools: [], changedTools: [], removedTools: [] }

  it('says what it changed, and what it left to a person', () => {
    const result = { ...nothing, warnings: [], addedTools: ['a', 'b'], removedTools: ['c'] }

    expect(toRefreshWords(result)).toBe('Refreshed: 2 new, 1 removed.')
    expect(toRefreshWords({ ...nothing, warnings: [], heldTools: ['x'] })).toBe(
      'Refreshed. 1 operation waits for your review.',
    )
    expect(toRefreshWords({ ...nothing, warnings: [] })).toBe('Refreshed: nothing has changed.')
  })
})

describe('the choice of a schedule', () => {
  it('has what was set elsewhere, where it belongs', () => {
    expect(scheduleChoices(null).map(({ label }) => label)).toEqual([
      'Never',
      'Every hour',
      'Every 6 hours',
      'Every day',
      'Every 7 days',
    ])
    expect(scheduleChoices(300_000)[1]).toEqual({ ms: 300_000, label: 'Every 5 minutes' })
  })
})
