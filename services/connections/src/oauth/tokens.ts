import { invariant, type OauthClientAuth, Secret, ServiceError } from '@executor/contracts'
import * as oauth from 'oauth4webapi'
import type { OauthClientRow } from './client.ts'
import { authMethodsOf, toClientAuth } from './client-auth.ts'
import { labelOf } from './identity.ts'
import { assertNotInTrouble, type Outbound } from './outbound.ts'
import { refusalOf, toOauthError } from './refusal.ts'
import { readTokenAnswer } from './tolerance.ts'

/** What a token endpoint gave. */
export interface Tokens {
  accessToken: Secret
  refreshToken: Secret | null
  /** Milliseconds since 1970; null where the server does not say. */
  expiresAt: number | null
  /** What was granted, where the server says. */
  scope: string | null
  /** Who it is for, where the server says. */
  label: string | null
}

/** Who asks, and with what. */
export interface TokenAsker {
  client: OauthClientRow
  secret: Secret | null
  /** What the server says that it takes. */
  authMethods?: readonly string[] | undefined
  tokenUrl: string
  fetch: Outbound
  clock: () => number
}

/** What is asked for. */
export type TokenGrant =
  | {
      grant: 'authorization_code'
      code: string
      redirectUri: string
      verifier: Secret
      resource: string | null
    }
  | { grant: 'refresh_token'; refreshToken: Secret; resource: string | null }
  | { grant: 'client_credentials'; scopes: readonly string[]; resource: string | null }

export interface TokenAnswer {
  tokens: Tokens
  /** How the client proved who it is. */
  authMethod: OauthClientAuth
}

/** Asks a token endpoint. Throws `oauth_refused`, `oauth_answer_invalid`, `oauth_server_unreachable`. */
export async function requestTokens(asker: TokenAsker, grant: TokenGrant): Promise<TokenAnswer> {
  const methods = authMethodsOf(asker.client, asker.authMethods)
  for (const [index, authMethod] of methods.entries()) {
    try {
      return { tokens: await requestOnce(asker, grant, authMethod), authMethod }
    } catch (error) {
      // Nothing was used up: the server did not get as far as looking at what was asked.
      const isLast = index === methods.length - 1
      if (isLast || refusalOf(error) !== 'invalid_client') throw error
    }
  }
  invariant(false, 'a client proves who it is in one way at least')
}

async function requestOnce(
  asker: TokenAsker,
  grant: TokenGrant,
  authMethod: OauthClientAuth,
): Promise<Tokens> {
  const { client, secret, tokenUrl, fetch, clock } = asker
  const { host, origin } = new URL(tokenUrl)
  const server = { issuer: client.issuer ?? origin, token_endpoint: tokenUrl }
  const self = { client_id: client.clientId }
  const mine = [secret, ...secretsOf(grant)]
  try {
    const auth = await toClientAuth(authMethod, secret, client.issuer ?? tokenUrl)
    const raw = await oauth.genericTokenEndpointRequest(
      server,
      self,
      auth,
      grant.grant,
      parametersOf(grant),
      // What may be asked was decided where endpoints were read; the guard decides where it leads.
      { [oauth.allowInsecureRequests]: true, [oauth.customFetch]: fetch },
    )
    assertNotInTrouble(raw, host)
    const { response, idToken } = await readTokenAnswer(raw)
    const answer = await oauth.processGenericTokenEndpointResponse(server, self, response)
    if (answer.token_type !== 'bearer') throw unsupportedType(host)
    const { expires_in: seconds, refresh_token: refreshToken } = answer
    return {
      accessToken: new Secret(answer.access_token),
      refreshToken: refreshToken === undefined ? null : new Secret(refreshToken),
      expiresAt: seconds === undefined ? null : Math.floor(clock() + seconds * 1000),
      scope: answer.scope ?? null,
      label: labelOf(idToken, client.clientId),
    }
  } catch (error) {
    throw toOauthError(error, host, mine)
  }
}

function parametersOf(grant: TokenGrant): Record<string, string> {
  const resource = grant.resource === null ? {} : { resource: grant.resource }
  switch (grant.grant) {
    case 'authorization_code': {
      const { code, redirectUri, verifier } = grant
      return {
        code,
        redirect_uri: redirectUri,
        code_verifier: verifier.reveal(),
        ...resource,
      }
    }
    case 'refresh_token':
      return { refresh_token: grant.refreshToken.reveal(), ...resource }
    case 'client_credentials':
      return { ...(grant.scopes.length > 0 ? { scope: grant.scopes.join(' ') } : {}), ...resource }
  }
}

function secretsOf(grant: TokenGrant): Secret[] {
  if (grant.grant === 'authorization_code') return [new Secret(grant.code), grant.verifier]
  return grant.grant === 'refresh_token' ? [grant.refreshToken] : []
}

function unsupportedType(host: string): ServiceError {
  return new ServiceError(
    'failed_precondition',
    'oauth_token_type_unsupported',
    `${host} gives tokens that are bound to a key (DPoP), which are not supported yet.`,
  )
}
