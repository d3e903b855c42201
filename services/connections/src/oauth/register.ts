import { OauthClientAuth, Secret } from '@executor/contracts'
import * as oauth from 'oauth4webapi'
import { z } from 'zod'
import { registrationAuth } from './client-auth.ts'
import type { Outbound } from './outbound.ts'
import { toOauthError } from './refusal.ts'
import { readRegistrationAnswer } from './tolerance.ts'

export interface Registration {
  registrationUrl: string
  redirectUri: string
  clientName: string
  scopes: readonly string[]
  authMethods: readonly string[] | undefined
}

/** As whom a server registered us. */
export interface Registered {
  clientId: string
  secret: Secret | null
  authMethod: OauthClientAuth
}

/** Registers with a server (RFC 7591). */
export async function register(fetch: Outbound, asked: Registration): Promise<Registered> {
  const { registrationUrl, redirectUri, scopes } = asked
  const { host, origin } = new URL(registrationUrl)
  const wanted = registrationAuth(asked.authMethods)
  try {
    const raw = await oauth.dynamicClientRegistrationRequest(
      { issuer: origin, registration_endpoint: registrationUrl },
      {
        ...clientMetadata(asked.clientName, redirectUri),
        token_endpoint_auth_method: wanted,
        ...(scopes.length > 0 ? { scope: scopes.join(' ') } : {}),
      },
      { [oauth.allowInsecureRequests]: true, [oauth.customFetch]: fetch },
    )
    const answer = await oauth.processDynamicClientRegistrationResponse(
      await readRegistrationAnswer(raw),
    )
    const given = z.string().safeParse(answer.token_endpoint_auth_method).data
    const authMethod = OauthClientAuth.safeParse(given ?? wanted).data ?? wanted
    const issued = z.string().safeParse(answer.client_secret).data
    const secret = authMethod === 'none' ? undefined : issued
    return {
      clientId: answer.client_id,
      secret: secret === undefined ? null : new Secret(secret),
      authMethod: secret === undefined ? 'none' : authMethod,
    }
  } catch (error) {
    throw toOauthError(error, host)
  }
}

/** What we say of ourselves. A program on somebody's own machine is a native one (OpenID Connect). */
function clientMetadata(clientName: string, redirectUri: string) {
  const { protocol, origin } = new URL(redirectUri)
  const isWeb = protocol === 'https:'
  return {
    client_name: clientName,
    redirect_uris: [redirectUri],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    application_type: isWeb ? 'web' : 'native',
    ...(isWeb ? { client_uri: origin } : {}),
  }
}
