import type { OauthClient } from '@executor/contracts'
import { describe, expect, it } from 'vitest'
import { readHandoff } from './handoff.ts'
import { problemsOfApp } from './new-app.ts'
import { appsFor, suggestSlug, toTokenSource } from './sign-in-choices.ts'

const client: OauthClient = {
  owner: 'org',
  slug: 'app',
  grant: 'authorization_code',
  clientId: 'id',
  authorizationUrl: 'https://login.example/auth',
  tokenUrl: 'https://login.example/token',
  resource: null,
  issuer: null,
  origin: { kind: 'manual', integration: null },
  createdAt: 1,
}
const method = { slug: 'oauth2', label: '', kind: 'oauth' as const }
const probe = {
  authorizationUrl: 'https://login.example/auth',
  tokenUrl: 'https://login.example/token',
}

describe('the apps to sign in with', () => {
  it('are those of people, for this server', () => {
    const source = toTokenSource(method, probe, true)
    const own = {
      ...client,
      origin: { ...client.origin, kind: 'dynamic_client_registration' as const },
    }
    const other = { ...client, tokenUrl: 'https://other.example/token' }

    expect(appsFor([client, own, other], source)).toEqual([client])
  })

  it('are not needed where programs register themselves', () => {
    const registers = { ...probe, registrationEndpoint: 'https://login.example/reg' }
    const reads = { ...probe, clientIdMetadataDocumentSupported: true }

    expect(toTokenSource(method, registers, false).isOpen).toBe(true)
    expect(toTokenSource(method, reads, true).isOpen).toBe(true)
    // Others cannot read what a machine says of itself.
    expect(toTokenSource(method, reads, false).isOpen).toBe(false)
    expect(toTokenSource(method, null, true).isOpen).toBe(false)
  })

  it('get names that take no other’s place', () => {
    const named = (slug: string) => ({ owner: 'org' as const, slug })
    const about = { owner: 'org' as const, tokenUrl: 'https://login.example/token' }

    expect(suggestSlug([], about)).toBe('login-example')
    expect(suggestSlug([named('login-example')], about)).toBe('login-example-2')
    expect(suggestSlug([], { ...about, tokenUrl: 'no url' })).toBe('app')
  })
})

describe('an app that is entered', () => {
  it('needs its id and its addresses', () => {
    const empty = { clientId: '', clientSecret: '', authorizationUrl: '', tokenUrl: ' ' }

    expect(Object.keys(problemsOfApp({ ...empty, grant: 'authorization_code' }))).toEqual([
      'clientId',
      'tokenUrl',
      'authorizationUrl',
    ])
    expect(Object.keys(problemsOfApp({ ...empty, grant: 'client_credentials' }))).toEqual([
      'clientId',
      'tokenUrl',
    ])
  })

  it('is filled in with what a link knows of it', () => {
    const query = 'addAccount=1&oauthClient=1&clientSlug=a&clientId=b&tokenUrl=https%3A%2F%2Ft'

    expect(readHandoff(new URLSearchParams(query))).toEqual({
      client: { slug: 'a', clientId: 'b', tokenUrl: 'https://t' },
    })
  })
})
