import type { KnownServer } from './known-server.ts'

export interface AuthorizationRequest {
  clientId: string
  redirectUri: string
  state: string
  challenge: string
  scopes: readonly string[]
  resource: string | null
}

const GOOGLE = 'accounts.google.com'

/** Where a person is sent to sign in. */
export function toAuthorizationUrl(
  { authorizationUrl }: Pick<KnownServer, 'authorizationUrl'>,
  { clientId, redirectUri, state, challenge, scopes, resource }: AuthorizationRequest,
): string {
  const url = new URL(authorizationUrl)
  const set = (name: string, value: string) => url.searchParams.set(name, value)
  set('response_type', 'code')
  set('client_id', clientId)
  set('redirect_uri', redirectUri)
  set('state', state)
  set('code_challenge', challenge)
  set('code_challenge_method', 'S256')
  if (scopes.length > 0) set('scope', scopes.join(' '))
  if (resource !== null) set('resource', resource)
  // Google gives no refresh token without the first, and no second one without the other.
  if (url.hostname === GOOGLE) set('access_type', 'offline')
  // OpenID Connect gives one only to who was asked.
  if (url.hostname === GOOGLE || scopes.includes('offline_access')) set('prompt', 'consent')
  return url.href
}
