import type { Secret } from '@executor/contracts'
import * as oauth from 'oauth4webapi'
import type { OauthClientRow } from './client.ts'
import { authMethodsOf, toClientAuth } from './client-auth.ts'
import type { Outbound } from './outbound.ts'
import { toOauthError } from './refusal.ts'

/** Tells a server that a token is no longer wanted (RFC 7009). */
export async function revoke(
  fetch: Outbound,
  { client, secret }: { client: OauthClientRow; secret: Secret | null },
  { token, hint }: { token: Secret; hint: 'refresh_token' | 'access_token' },
): Promise<void> {
  const { revocationUrl } = client
  if (revocationUrl === null) return
  const { origin, host } = new URL(revocationUrl)
  const issuer = client.issuer ?? origin
  const server = { issuer, revocation_endpoint: revocationUrl }
  const [method = 'none'] = authMethodsOf(client, undefined)
  try {
    const auth = await toClientAuth(method, secret, client.issuer ?? revocationUrl)
    const response = await oauth.revocationRequest(
      server,
      { client_id: client.clientId },
      auth,
      token.reveal(),
      {
        [oauth.allowInsecureRequests]: true,
        [oauth.customFetch]: fetch,
        additionalParameters: { token_type_hint: hint },
      },
    )
    await oauth.processRevocationResponse(response)
  } catch (error) {
    throw toOauthError(error, host, [secret, token])
  }
}
