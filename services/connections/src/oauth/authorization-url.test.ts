import { describe, expect, it } from 'vitest'
import { toAuthorizationUrl } from './authorization-url.ts'

const request = {
  clientId: 'id',
  redirectUri: 'https://executor.example.com/api/oauth/callback',
  state: 's',
  challenge: 'c',
  scopes: ['a', 'b'],
  resource: null,
}
const parametersAt = (authorizationUrl: string, given = {}) =>
  Object.fromEntries(
    new URL(toAuthorizationUrl({ authorizationUrl }, { ...request, ...given })).searchParams,
  )

describe('toAuthorizationUrl', () => {
  it('asks for a code with PKCE', () => {
    expect(parametersAt('https://login.example/auth')).toEqual({
      response_type: 'code',
      client_id: 'id',
      redirect_uri: request.redirectUri,
      state: 's',
      code_challenge: 'c',
      code_challenge_method: 'S256',
      scope: 'a b',
    })
  })

  it('keeps what the address has of its own, and lets nothing in it stand for ours', () => {
    const url = 'https://login.example/auth?tenant=t&state=theirs&redirect_uri=https://evil.example'

    expect(parametersAt(url)).toMatchObject({
      tenant: 't',
      state: 's',
      redirect_uri: request.redirectUri,
    })
  })

  it('asks Google, and whoever wants to be asked, for what outlasts an hour', () => {
    expect(parametersAt('https://accounts.google.com/o/oauth2/v2/auth')).toMatchObject({
      access_type: 'offline',
      prompt: 'consent',
    })
    expect(
      parametersAt('https://login.example/auth', { scopes: ['offline_access'] }),
    ).toMatchObject({ prompt: 'consent' })
  })
})
