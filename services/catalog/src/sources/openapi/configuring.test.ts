import { afterAll, describe, expect, it } from 'vitest'
import type { StoredSource } from '../source.ts'
import { openOpenapiKind, PETS_URL } from './fixtures.ts'

const { openapi } = openOpenapiKind()
afterAll(() => openapi.close())

describe('configure', () => {
  const before: StoredSource = {
    config: { specUrl: PETS_URL, baseUrl: 'https://a.example' },
    authMethods: [{ slug: 'oauth-main', kind: 'oauth2', placements: [], origin: 'detected' }],
  }

  it('adds methods under slugs of their own', () => {
    const { authMethods } = openapi.configure(before, {
      authenticationTemplate: [
        {
          type: 'apiKey',
          headers: { Authorization: ['Bearer ', { type: 'variable', name: 'token' }] },
        },
      ],
    })

    expect(authMethods.map(({ slug }) => slug)).toEqual([
      'oauth-main',
      expect.stringMatching(/^custom_[a-z0-9]+$/),
    ])
    expect(authMethods[1]).toMatchObject({
      placements: [{ carrier: 'header', name: 'Authorization', prefix: 'Bearer ' }],
    })
  })

  it('changes and forgets the base URL', () => {
    const changed = openapi.configure(before, { baseUrl: 'https://b.example/v1/' })
    const forgotten = openapi.configure(before, { baseUrl: null })
    const kept = openapi.configure(before, {})

    expect(changed).toMatchObject({
      config: { baseUrl: 'https://b.example/v1' },
      displayUrl: 'https://b.example/v1',
    })
    expect(forgotten.config).not.toHaveProperty('baseUrl')
    expect(forgotten.displayUrl).toBe(PETS_URL)
    expect(kept).toMatchObject({
      config: { baseUrl: 'https://a.example' },
      authMethods: before.authMethods,
    })
  })

  it('refuses a base URL that is none', () => {
    expect(() => openapi.configure(before, { baseUrl: 'nowhere' })).toThrow(
      expect.objectContaining({ reason: 'base_url_invalid' }),
    )
  })
})
