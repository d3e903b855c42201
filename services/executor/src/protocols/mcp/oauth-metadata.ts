import type { Bus } from '@executor/bus'
import { connections, isServiceError, type McpOauth, servicePrincipal } from '@executor/contracts'
import { findBearerChallenge, listScopes } from '../challenges.ts'
import type { Access } from '../protocol.ts'
import type { Refusal } from './exchange.ts'
import { configOf } from './plan.ts'

const PROBE_MS = 10_000
const SCOPES_MAX = 100
/** Where tokens come from is no secret of anybody: whoever asks is told the same. */
const ANYBODY = servicePrincipal('anybody')

/**
 * Where a server that refuses strangers says that tokens come from. Whoever signs in to it later asks it
 * anew; null where it does not say, or what it says is not to be believed.
 */
export async function describeOauth(
  bus: Bus,
  { settings, signal }: Access,
  refusal: Refusal,
): Promise<McpOauth | null> {
  const config = configOf(settings)
  if (config.transport !== 'remote') return null
  const { endpoint: url } = config
  const challenge = findBearerChallenge(refusal.headers.get('www-authenticate') ?? '')
  const resourceMetadataUrl = challenge?.get('resource_metadata')
  const named = resourceMetadataUrl === undefined ? {} : { resourceMetadataUrl }
  const options = { principal: ANYBODY, signal, timeoutMs: PROBE_MS }
  try {
    const probe = await bus.request(connections.probeOauth, { url, ...named }, options)
    const { authorizationUrl, tokenUrl, resource, issuer, scopesSupported } = probe
    const asked = listScopes(challenge?.get('scope'))
    return {
      probeUrl: url,
      ...named,
      ...(resource === undefined ? {} : { resource }),
      ...(issuer === undefined ? {} : { issuer }),
      // What it wants for this comes before all that it knows.
      scopes: (asked.length > 0 ? asked : (scopesSupported ?? [])).slice(0, SCOPES_MAX),
      authorizationUrl,
      tokenUrl,
      ...(probe.registrationEndpoint === undefined
        ? {}
        : { registrationUrl: probe.registrationEndpoint }),
    }
  } catch (error) {
    if (!isServiceError(error) || signal.aborted) throw error
    return null
  }
}
