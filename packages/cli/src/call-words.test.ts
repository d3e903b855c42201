import { describe, expect, it } from 'vitest'
import { parseArguments, splitCallWords } from './call-words.ts'

describe('splitCallWords', () => {
  it.each([
    [['up', 'items.get'], ['up', 'items.get'], null],
    [['up', 'items', 'get', '{"id":1}'], ['up', 'items', 'get'], '{"id":1}'],
    [['up.items.get', '@arguments.json'], ['up.items.get'], '@arguments.json'],
    [[], [], null],
  ])('takes apart %j', (words, segments, argumentText) => {
    expect(splitCallWords(words)).toEqual({ segments, argumentText })
  })

  it.each([
    [['{"id":1}'], 'which tool'],
    [['up', 'items.get', '{"id":1}', 'now'], '"now" comes after them'],
    [['up', 'items.get', '{id:', '1}'], '"1}" comes after them'],
  ])('refuses %j', (words, message) => {
    expect(() => splitCallWords(words)).toThrow(message)
  })
})

describe('parseArguments', () => {
  it('reads one JSON object', () => {
    expect(parseArguments('{"id": 1}')).toEqual({ id: 1 })
  })

  it.each(['[1]', '"id"', '{id: 1}', '{'])('says what %s should be', (text) => {
    expect(() => parseArguments(text)).toThrow('The arguments must be one JSON object')
  })
})
