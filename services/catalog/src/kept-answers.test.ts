import { describe, expect, it } from 'vitest'
import { createKeptAnswers } from './kept-answers.ts'

const at = (path: string, snapshot = 'one') => ({ path, snapshot })
const bytes = Buffer.from('[]')

describe('createKeptAnswers', () => {
  it('finds an answer while the accounts that it was made of are the same', () => {
    const answers = createKeptAnswers(1000)
    answers.keep('q', [at('a'), at('b'), at('c')], { bytes, looked: 2 })

    const found = [
      answers.find('q', [at('a'), at('b'), at('c')]),
      answers.find('q', [at('a'), at('b')]),
      answers.find('q', [at('a'), at('b'), at('z', 'other')]),
    ]
    const missed = [
      answers.find('q', [at('a'), at('b', 'two')]),
      answers.find('q', [at('a'), at('aa'), at('b')]),
      answers.find('q', [at('a')]),
      answers.find('other', [at('a'), at('b'), at('c')]),
    ]

    expect(found).toEqual([bytes, bytes, bytes])
    expect(missed).toEqual([null, null, null, null])
  })

  it('takes one more account for a change where the list ended before the page did', () => {
    const answers = createKeptAnswers(1000)
    answers.keep('q', [at('a')], { bytes, looked: null })

    expect(answers.find('q', [at('a')])).toBe(bytes)
    expect(answers.find('q', [at('a'), at('b')])).toBeNull()
    expect(answers.find('q', [])).toBeNull()
  })

  it('lets go of what was used longest ago', () => {
    const answers = createKeptAnswers(10)
    answers.keep('one', [at('a')], { bytes, looked: null })
    answers.keep('two', [at('a')], { bytes, looked: null })

    expect(answers.find('one', [at('a')])).toBeNull()
    expect(answers.find('two', [at('a')])).toBe(bytes)
  })
})
