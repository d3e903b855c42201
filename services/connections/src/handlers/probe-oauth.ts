import type { Handler } from '@executor/bus'
import type { connections } from '@executor/contracts'
import type { HandlerDeps } from '../deps.ts'
import { discover } from '../oauth/discover.ts'
import { createOutbound, DISCOVERY_MS, within } from '../oauth/outbound.ts'

export function probeOauth({
  egress,
  allowLocalNetwork,
}: HandlerDeps): Handler<typeof connections.probeOauth> {
  return async (input, { signal }) => {
    const fetch = createOutbound(egress, within(DISCOVERY_MS, signal))
    const { server, resource, scopes } = await discover(fetch, input, allowLocalNetwork)
    const { issuer, authorizationUrl, tokenUrl, registrationUrl, authMethods } = server
    return {
      authorizationUrl,
      tokenUrl,
      ...(issuer === null ? {} : { issuer }),
      ...(resource === undefined ? {} : { resource }),
      ...(scopes === undefined ? {} : { scopesSupported: scopes }),
      ...(registrationUrl === undefined ? {} : { registrationEndpoint: registrationUrl }),
      ...(authMethods === undefined ? {} : { tokenEndpointAuthMethodsSupported: authMethods }),
      ...(server.takesClientDocuments ? { clientIdMetadataDocumentSupported: true } : {}),
    }
  }
}
