import { describe, expect, it } from 'vitest'
import { canonicalJson, digestCall } from './digest.ts'

describe('canonicalJson', () => {
  it.each([
    [{ b: [{ d: 1, c: [2, { f: null, e: 'x' }] }, 3], a: { 10: 1, 9: 2 } }],
    [{ a: { 9: 2, 10: 1 }, b: [{ c: [2, { e: 'x', f: null }], d: 1 }, 3] }],
  ])('is the same whatever the order of keys: %j', (value) => {
    expect(canonicalJson(value)).toBe(
      '{"a":{"9":2,"10":1},"b":[{"c":[2,{"e":"x","f":null}],"d":1},3]}',
    )
  })

  it.each([
    [undefined, 'null'],
    [null, 'null'],
    ['"', '"\\""'],
    [[undefined, 1], '[null,1]'],
    [{ a: undefined, b: [] }, '{"b":[]}'],
    [JSON.parse('{"__proto__":{"b":1,"a":2}}'), '{"__proto__":{"a":2,"b":1}}'],
  ])('writes %j as JSON', (value, text) => {
    expect(canonicalJson(value)).toBe(text)
  })
})

describe('digestCall', () => {
  it('is what was recorded before', () => {
    expect(digestCall('a.org.b.c', { b: [1, { d: 2, c: 3 }], a: 'ü' })).toBe(
      '2bfc6d3b15e973e3ed9472917634a308b04f63456232d5dd479f2a041191dc48',
    )
  })
})
