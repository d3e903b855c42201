import { describe, expect, it } from 'vitest'
import { RecentAnswers } from './recent-answers.ts'

describe('RecentAnswers', () => {
  it('finds what was kept', () => {
    const recent = new RecentAnswers<string>()

    recent.keep('inbox', 'answer', 6)

    expect(recent.find('inbox')).toBe('answer')
    expect(recent.find('other')).toBeNull()
  })

  it('forgets the oldest when there is too much', () => {
    const recent = new RecentAnswers<string>()

    for (const inbox of ['first', 'second', 'third']) recent.keep(inbox, inbox, 2 * 1024 * 1024)

    expect(recent.find('first')).toBeNull()
    expect(recent.find('second')).toBeNull()
    expect(recent.find('third')).toBe('third')
  })
})
