import { AuthMethod, AuthTemplate } from '@executor/contracts'
import { describe, expect, it } from 'vitest'
import { mergeAuthMethods, refreshAuthMethods, toAuthMethods } from './auth-templates.ts'

const write = (template: unknown) => toAuthMethods([AuthTemplate.parse(template)], () => 'id')[0]
const variable = (name: string) => ({ type: 'variable', name })

describe('toAuthMethods', () => {
  it.each([
    [
      { headers: { H: ['Bearer ', variable('token')] } },
      { carrier: 'header', name: 'H', prefix: 'Bearer ' },
    ],
    [{ headers: { H: [variable('key')] } }, { carrier: 'header', name: 'H', variable: 'key' }],
    [{ headers: { H: 'literal' } }, { carrier: 'header', name: 'H', literal: 'literal' }],
    [{ headers: { H: ['a', 'b'] } }, { carrier: 'header', name: 'H', literal: 'ab' }],
    [{ queryParams: { q: [variable('token')] } }, { carrier: 'query', name: 'q' }],
  ])('writes out %j', (values, placement) => {
    expect(write({ type: 'apiKey', ...values })).toEqual({
      slug: 'custom_id',
      kind: 'apikey',
      placements: [placement],
      origin: 'custom',
    })
  })

  it.each([
    [{ headers: { H: [variable('a'), ' suffix'] } }],
    [{ headers: { H: [variable('a'), variable('b')] } }],
    [{}],
  ])('refuses %j', (values) => {
    expect(() => write({ type: 'apiKey', ...values })).toThrow(
      expect.objectContaining({ reason: 'auth_template_invalid' }),
    )
  })

  it('writes out OAuth endpoints without losing any', () => {
    const template = {
      kind: 'oauth2',
      slug: 'mine',
      authorizationUrl: 'https://a.example/a',
      tokenUrl: 'https://a.example/t',
      scopes: ['read'],
    }

    expect(write(template)).toEqual({
      slug: 'mine',
      kind: 'oauth2',
      placements: [{ carrier: 'header', name: 'Authorization', prefix: 'Bearer ' }],
      oauth: {
        authorizationUrl: 'https://a.example/a',
        tokenUrl: 'https://a.example/t',
        scopes: ['read'],
      },
      origin: 'custom',
    })
  })

  it('takes a whole method as it is, but as a person’s', () => {
    const method = AuthMethod.parse({ slug: 'x', kind: 'none', origin: 'detected' })

    expect(write(method)).toEqual({ ...method, origin: 'custom' })
  })
})

describe('mergeAuthMethods', () => {
  const method = (slug: string, label: string, origin = 'detected') =>
    AuthMethod.parse({ slug, label, kind: 'none', origin })

  it('replaces in place, and appends the rest', () => {
    const merged = mergeAuthMethods(
      [method('a', '1'), method('b', '1')],
      [method('c', '2'), method('a', '2')],
    )

    expect(merged.map(({ slug, label }) => `${slug}${label}`)).toEqual(['a2', 'b1', 'c2'])
  })

  it('keeps a person’s methods when a description is read again', () => {
    const stored = [method('a', 'old'), method('mine', 'old', 'custom'), method('gone', 'old')]

    const refreshed = refreshAuthMethods(stored, [method('a', 'new'), method('b', 'new')])

    expect(refreshed.map(({ slug, label }) => `${slug} ${label}`)).toEqual([
      'a new',
      'b new',
      'mine old',
    ])
  })
})
