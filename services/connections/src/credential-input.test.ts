import type { AuthMethod } from '@executor/contracts'
import { describe, expect, it } from 'vitest'
import { basic, bearer, twoKeys } from '../test/fixtures.ts'
import { type CredentialInput, parseCredential } from './credential-input.ts'

const cookie: AuthMethod = { ...bearer, placements: [{ carrier: 'cookie', name: 'sid' }] }
const query: AuthMethod = { ...bearer, placements: [{ carrier: 'query', name: 'key' }] }
const env: AuthMethod = { ...bearer, placements: [{ carrier: 'env', name: 'TOKEN' }] }
const literal: AuthMethod = {
  ...bearer,
  placements: [{ carrier: 'header', name: 'X-Version', literal: '2' }],
}

function pasted(method: AuthMethod, input: CredentialInput) {
  const given = parseCredential(method, input)
  if (given.kind !== 'pasted') return given.kind
  return Object.fromEntries([...given.values].map(([name, value]) => [name, value.reveal()]))
}

describe('parseCredential', () => {
  it.each<[string, AuthMethod, CredentialInput, unknown]>([
    ['one value', bearer, { value: 'x' }, { token: 'x' }],
    ['one value by its name', bearer, { values: { token: 'x' } }, { token: 'x' }],
    [
      'several values',
      twoKeys,
      { values: { applicationKey: 'b', apiKey: 'a' } },
      { apiKey: 'a', applicationKey: 'b' },
    ],
    [
      'an empty password',
      basic,
      { values: { username: 'a', password: '' } },
      { username: 'a', password: '' },
    ],
    [
      'an empty user name',
      basic,
      { values: { username: '', password: 'b:c\n' } },
      { username: '', password: 'b:c\n' },
    ],
    ['a line break in a query', query, { value: 'a\nb' }, { token: 'a\nb' }],
    ['a key with line breaks for a process', env, { value: 'a\nb' }, { token: 'a\nb' }],
    ['nothing, where all is literal', literal, {}, 'none'],
    ['no values, where all is literal', literal, { values: {} }, 'none'],
  ])('takes %s', (_, method, input, values) => {
    expect(pasted(method, input)).toEqual(values)
  })

  it('takes an item for the one input of a method', () => {
    const given = parseCredential(bearer, { from: { provider: 'env', id: 'A' } })

    expect(given).toEqual({ kind: 'linked', provider: 'env', id: 'A', variable: 'token' })
  })

  it.each<[string, AuthMethod, CredentialInput]>([
    ['a forgotten password', basic, { values: { username: 'a' } }],
    ['nothing in both', basic, { values: { username: '', password: '' } }],
    ['a line break in a cookie', cookie, { value: 'a\nb' }],
    ['a null character for a process', env, { value: 'a\0b' }],
    ['an item for two inputs', twoKeys, { from: { provider: 'env', id: 'A' } }],
    ['an item where none is asked for', literal, { from: { provider: 'env', id: 'A' } }],
    ['an input named like a prototype', bearer, { values: { constructor: 'x' } }],
  ])('refuses %s', (_, method, input) => {
    expect(() => parseCredential(method, input)).toThrow(
      expect.objectContaining({ reason: 'connection_input_invalid' }),
    )
  })

  it('shows little of what was typed where a name belongs', () => {
    const names = Array.from({ length: 40 }, (_, index) => `${'x'.repeat(100)}${index}`)
    const values = Object.fromEntries(names.map((name) => [name, 'v']))

    const parse = () => parseCredential(bearer, { values })

    expect(parse).toThrow(expect.objectContaining({ details: expect.anything() }))
    expect(parse).toThrow(/^.{1,400}$/)
  })
})
