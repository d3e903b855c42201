import { describe, expect, it } from 'vitest'
import { createVocabulary, isVersion, splitIdentifier, stemWord, wordsOf } from './words.ts'

describe('splitIdentifier', () => {
  it.each([
    ['listPullRequests', ['list', 'pull', 'requests']],
    ['list_pull-requests', ['list', 'pull', 'requests']],
    ['HTTPRequestURL', ['http', 'request', 'url']],
    ['createCoreV1NamespacedPod', ['create', 'core', 'v1', 'namespaced', 'pod']],
    ['OAuthToken', ['oauth', 'token']],
    ['oauth2_token', ['oauth', '2', 'token']],
    ['s3Bucket', ['s3', 'bucket']],
    ['Straßenname', ['straßenname']],
    ['', []],
  ])('splits %s', (identifier, words) => {
    expect(splitIdentifier(identifier)).toEqual(words)
  })
})

describe('stemWord', () => {
  it('brings forms of a word together', () => {
    expect(['issues', 'repositories', 'deleting', 'people', 'paid'].map(stemWord)).toEqual([
      'issu',
      'repositori',
      'delet',
      'person',
      'pay',
    ])
  })

  it('is not confused by names of the language', () => {
    expect(stemWord('constructor')).toBe('constructor')
  })

  it('cuts what is no word', () => {
    expect(stemWord('x'.repeat(10_000))).toHaveLength(40)
  })
})

describe('createVocabulary', () => {
  it('knows an identifier by its parts and as a whole', () => {
    expect(createVocabulary().stems('ConfigMap')).toEqual(['config', 'map', 'configmap'])
  })

  it('knows a brand as one word', () => {
    expect(createVocabulary().stems('GitHub')).toEqual(['github'])
  })
})

describe('wordsOf', () => {
  it('keeps contractions and leaves punctuation', () => {
    expect(wordsOf("a colleague's `review`, isn't it? (v2)")).toEqual([
      'a',
      "colleague's",
      'review',
      "isn't",
      'it',
      'v2',
    ])
  })
})

describe('isVersion', () => {
  it.each([
    ['v1', true],
    ['v1beta2', true],
    ['view', false],
    ['1', false],
  ])('decides on %s', (word, expected) => {
    expect(isVersion(word)).toBe(expected)
  })
})
