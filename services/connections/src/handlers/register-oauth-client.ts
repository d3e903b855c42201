import type { Handler } from '@executor/bus'
import { type connections, ServiceError } from '@executor/contracts'
import { toWritablePartition } from '../access.ts'
import type { HandlerDeps } from '../deps.ts'
import { toOauthClient } from '../oauth/client.ts'
import { assertEndpointUrl, assertRedirectUri } from '../oauth/endpoint-url.ts'
import { findSelfRegistered, selfRegister } from '../oauth/self-register.ts'

export function registerOauthClient(
  deps: HandlerDeps,
): Handler<typeof connections.registerOauthClient> {
  return async (input, { principal, signal }) => {
    const partition = toWritablePartition(principal, input.owner)
    const { registrationEndpoint, authorizationUrl, tokenUrl, redirectUri } = input
    const access = deps.allowLocalNetwork
    assertEndpointUrl(registrationEndpoint, 'registration endpoint', access)
    assertEndpointUrl(authorizationUrl, 'authorization URL', access)
    assertEndpointUrl(tokenUrl, 'token URL', access)
    assertRedirectUri(redirectUri)
    const asked = {
      server: {
        issuer: input.issuer ?? null,
        authorizationUrl,
        tokenUrl,
        registrationUrl: registrationEndpoint,
        authMethods: input.tokenEndpointAuthMethodsSupported,
      },
      resource: input.resource ?? null,
      redirectUri,
      scopes: input.scopes ?? [],
      integration: input.originIntegration ?? null,
      clientName: input.clientName,
      slug: input.slug,
    }
    const found = await findSelfRegistered(deps, partition, asked)
    const client = found ?? (await selfRegister(deps, partition, asked, signal))
    if (client) return toOauthClient(client)
    throw new ServiceError(
      'failed_precondition',
      'oauth_client_required',
      'The server registered nobody. Register an OAuth app there, and enter its id and secret.',
    )
  }
}
