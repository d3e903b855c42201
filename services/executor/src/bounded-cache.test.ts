import { expect, it } from 'vitest'
import { BoundedCache } from './bounded-cache.ts'

it('keeps what was used last, as much as there is room for', () => {
  const cache = new BoundedCache<string>(6, ({ length }) => length)
  cache.set('a', 'aa')
  cache.set('b', 'bb')
  cache.set('c', 'cc')
  cache.find('a')
  cache.set('d', 'ddd')

  expect(['a', 'b', 'c', 'd'].map((key) => cache.find(key))).toEqual([
    ...['aa', undefined, undefined, 'ddd'],
  ])
})

it('keeps nothing that is larger than all it may keep, and goes on', () => {
  const cache = new BoundedCache<string>(3, ({ length }) => length)
  cache.set('a', 'aaaa')
  cache.set('b', 'bb')
  cache.set('b', 'b')
  cache.set('c', 'cc')

  expect([cache.find('a'), cache.find('b'), cache.find('c')]).toEqual([undefined, 'b', 'cc'])
})

it('forgets a value, and not the one that came after it', () => {
  const cache = new BoundedCache<string>(2)
  cache.set('a', 'old')
  cache.set('a', 'new')
  cache.remove('a', 'old')
  expect(cache.find('a')).toBe('new')
  cache.remove('a', 'new')
  expect(cache.find('a')).toBeUndefined()
})
