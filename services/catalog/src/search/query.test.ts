import { describe, expect, it } from 'vitest'
import { createQueryParser } from './query.ts'
import { readSynonyms } from './synonyms.ts'

const parser = createQueryParser(readSynonyms())
const namesOf = (text: string) =>
  parser.parse(text).concepts.map(({ alternatives }) => alternatives[0]?.terms)
const meaningsOf = (text: string) =>
  parser
    .parse(text)
    .concepts.flatMap(({ alternatives }) => alternatives.map(({ terms }) => terms.join(' ')))

describe('createQueryParser', () => {
  it.each([
    ['create an issue', ['create']],
    ['please cancel the run', ['delete', 'act']],
    ['gently move a pod', ['update']],
    ['I want to delete a branch', ['delete']],
    ['roll out an app', ['act']],
    ['which pods are running', ['list']],
    ['which version is this', ['read']],
    ['who can merge', ['list']],
    ['how many people visited', ['read']],
    ['how do I list branches', ['list']],
    ['zap a repository', ['act', 'create', 'update']],
    ['cards a shopper has saved', ['list']],
    ['issue create', ['create']],
    ['disk', ['read']],
    ['', []],
  ])('reads what "%s" wants done', (text, actions) => {
    expect(parser.parse(text).actions).toEqual(actions)
  })

  it('leaves out what says nothing', () => {
    expect(namesOf('can you please list all of my repositories')).toEqual([
      ['list'],
      ['all'],
      ['repositori'],
    ])
  })

  it('splits identifiers', () => {
    expect(namesOf('createIssue')).toEqual([['creat'], ['issu']])
  })

  it('knows words by their everyday names', () => {
    expect(meaningsOf('ticket')).toContain('issu')
    expect(meaningsOf('repo')).toContain('repositori')
    expect(meaningsOf('PR')).toContain('pull request')
    expect(meaningsOf('give their money back')).toContain('refund')
  })

  it('finds a phrase whose words stand apart', () => {
    expect(meaningsOf('kick somebody out')).not.toContain('out')
    expect(meaningsOf('turn the alarm off')).toContain('disabl')
  })

  it('counts what follows a preposition for less than what is asked for', () => {
    const [pods, namespace] = parser.parse('pods in a namespace').concepts

    expect(pods?.weight).toBe(1)
    expect(namespace?.weight).toBeLessThan(1)
  })

  it('also looks for neighbours as one word', () => {
    expect(meaningsOf('web hook')).toContain('webhook')
  })

  it('reads corrected words as what they were meant to be', () => {
    const { concepts } = parser.parse('craete an isue', new Map([['isue', 'issue']]))

    expect(concepts.map(({ words }) => words)).toEqual([['craete'], ['issue']])
  })

  it('reads no more than a question holds', () => {
    expect(parser.parse('pod '.repeat(10_000)).concepts).toHaveLength(32)
  })
})
