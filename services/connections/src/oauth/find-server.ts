import { type AuthMethod, type Integration, ServiceError } from '@executor/contracts'
import type { HandlerDeps } from '../deps.ts'
import { type Discovered, discover } from './discover.ts'
import { createOutbound, DISCOVERY_MS, within } from './outbound.ts'
import { readServerAt } from './server-metadata.ts'

/**
 * The server that a method's tokens come from, asked anew: servers move, and what was said once may be
 * somebody else's by now. Null where a description gives addresses and nobody to ask.
 */
export async function findServer(
  { egress, allowLocalNetwork: access }: Pick<HandlerDeps, 'egress' | 'allowLocalNetwork'>,
  { kind, displayUrl }: Pick<Integration, 'kind' | 'displayUrl'>,
  { oauth }: AuthMethod,
  signal: AbortSignal,
): Promise<Discovered | null> {
  const fetch = createOutbound(egress, within(DISCOVERY_MS, signal))
  const isMcp = kind === 'mcp'
  const url = oauth?.probeUrl ?? (isMcp && !oauth?.tokenUrl ? displayUrl : undefined)
  if (url !== undefined) {
    const { resourceMetadataUrl } = oauth ?? {}
    return discover(fetch, { url, resourceMetadataUrl, isMcp }, access)
  }
  if (oauth?.discoveryUrl === undefined) return null
  const server = await readServerAt(fetch, oauth.discoveryUrl, access)
  if (server) return { server }
  throw new ServiceError(
    'failed_precondition',
    'oauth_server_unknown',
    `There is no description of an authorization server at ${oauth.discoveryUrl.slice(0, 200)}.`,
  )
}
