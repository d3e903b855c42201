import { describe, expect, it } from 'vitest'
import { firstLine, toAgo, toCount, toGist, toWebUrl } from './words.ts'

describe('words for people', () => {
  it('tell how long ago something was', () => {
    const minute = 60_000

    expect(toAgo(0, 30_000)).toBe('just now')
    expect(toAgo(0, 5 * minute)).toBe('5 minutes ago')
    expect(toAgo(0, 3 * 60 * minute)).toBe('3 hours ago')
    expect(toAgo(0, 26 * 60 * minute)).toBe('yesterday')
  })

  it('count things', () => {
    expect(toCount(1, 'tool')).toBe('1 tool')
    expect(toCount(1223, 'tool')).toBe('1,223 tools')
    expect(toCount(2, 'operation waits', 'operations wait')).toBe('2 operations wait')
  })

  it('take the first line that says something', () => {
    expect(firstLine('\n  \nLists pets.\nAll of them.')).toBe('Lists pets.')
    expect(firstLine('')).toBe('')
  })

  it('tell values apart on one line', () => {
    expect(toGist({ body: { to: 'ann\u202e', tags: ['a'] } })).toBe(
      '{ "body": { "to": "ann\\u202e", "tags": [ "a" ] } }',
    )
    expect(toGist({ text: 'x'.repeat(1000) })).toMatch(/^\{ "text": "x{100,160} …$/)
  })

  it('make a link of nothing that runs', () => {
    const addresses = ['javascript:alert(1)', 'data:text/html,x', ' JavaScript:x', 'npx server', '']

    expect(addresses.map(toWebUrl)).toEqual(addresses.map(() => null))
    expect(toWebUrl(undefined)).toBe(null)
    expect(toWebUrl('https://api.example/')?.host).toBe('api.example')
  })
})
