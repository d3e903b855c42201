import { describe, expect, it } from 'vitest'
import { applyOverrides } from './overrides.ts'

const root = () => ({ a: { b: [1, 2, 3] }, 'x/y': { '~': 'tilde' } })

describe('applyOverrides', () => {
  it.each([
    ['adds', { op: 'add', path: '/a/c', value: 4 }, { a: { b: [1, 2, 3], c: 4 } }],
    ['inserts', { op: 'add', path: '/a/b/1', value: 9 }, { a: { b: [1, 9, 2, 3] } }],
    ['appends', { op: 'add', path: '/a/b/-', value: 9 }, { a: { b: [1, 2, 3, 9] } }],
    ['removes', { op: 'remove', path: '/a/b/0' }, { a: { b: [2, 3] } }],
    ['replaces', { op: 'replace', path: '/a/b', value: 'x' }, { a: { b: 'x' } }],
    ['moves', { op: 'move', from: '/a/b/0', path: '/a/c' }, { a: { b: [2, 3], c: 1 } }],
    ['copies', { op: 'copy', from: '/a/b/0', path: '/a/c' }, { a: { b: [1, 2, 3], c: 1 } }],
    ['tests', { op: 'test', path: '/a/b', value: [1, 2, 3] }, { a: { b: [1, 2, 3] } }],
    ['unescapes', { op: 'replace', path: '/x~1y/~0', value: 1 }, { 'x/y': { '~': 1 } }],
  ] as const)('%s', (_, override, expected) => {
    expect(applyOverrides(root(), [override])).toEqual({ ...root(), ...expected })
  })

  it.each([
    ['a place that is not there', { op: 'replace', path: '/nope', value: 1 }],
    ['a parent that is not there', { op: 'add', path: '/no/pe', value: 1 }],
    ['an index beyond the list', { op: 'add', path: '/a/b/7', value: 1 }],
    ['an index that is none', { op: 'remove', path: '/a/b/01' }],
    ['a path without a slash', { op: 'remove', path: 'a' }],
    ['a test that does not hold', { op: 'test', path: '/a/b', value: [] }],
    ['a value moved into itself', { op: 'move', from: '/a', path: '/a/b/0' }],
    ['a document that is none', { op: 'replace', path: '', value: [] }],
    ['an inherited property', { op: 'replace', path: '/constructor/name', value: 'x' }],
  ] as const)('refuses %s', (_, override) => {
    expect(() => applyOverrides(root(), [override])).toThrow(
      expect.objectContaining({ reason: 'openapi_spec_override_failed' }),
    )
  })

  it('leaves the document it was given as it was', () => {
    const given = root()

    applyOverrides(given, [{ op: 'remove', path: '/a/b/0' }])

    expect(given).toEqual(root())
  })

  it('does not reach the prototype', () => {
    const patched = applyOverrides({}, [
      { op: 'add', path: '/__proto__', value: { polluted: true } },
    ])

    expect('polluted' in patched).toBe(false)
    expect(Object.keys(patched)).toEqual(['__proto__'])
  })
})
