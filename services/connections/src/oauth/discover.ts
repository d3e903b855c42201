import { isServiceError, ServiceError } from '@executor/contracts'
import type { LocalNetworkAccess } from '@executor/egress'
import type { KnownServer } from './known-server.ts'
import type { Outbound } from './outbound.ts'
import { readResource } from './resource-metadata.ts'
import { readServer } from './server-metadata.ts'

/** Where tokens for something come from. */
export interface Discovered {
  server: KnownServer
  /** As it calls itself; absent where it does not. */
  resource?: string
  /** What it says it needs; absent where it does not say. */
  scopes?: string[]
}

export interface Wanted {
  url: string
  /** Where the resource said that its metadata is. */
  resourceMetadataUrl?: string | undefined
  /** Servers of MCP's first revision have their authorization server at their own origin. */
  isMcp?: boolean | undefined
}

/** Asks a resource, and the first of its authorization servers that answers; or a server itself. */
export async function discover(
  fetch: Outbound,
  { url: given, resourceMetadataUrl, isMcp = false }: Wanted,
  access: LocalNetworkAccess,
): Promise<Discovered> {
  const url = URL.parse(given)
  if (!url || !/^https?:$/.test(url.protocol)) throw unknownServer(given)
  const told = await readResource(fetch, url, sameOrigin(url, resourceMetadataUrl))
  if (!told) return { server: await readOwnServer(fetch, url, { isMcp, access }) }
  const { resource, issuers, scopes } = told
  const found = { resource, ...(scopes === undefined ? {} : { scopes }) }
  let failure: unknown
  for (const issuer of issuers) {
    try {
      const server = await readServer(fetch, issuer, access)
      if (server) return { server, ...found }
    } catch (error) {
      if (!isServiceError(error)) throw error
      failure ??= error
    }
  }
  throw failure ?? unknownServer(issuers[0] ?? given)
}

/** A resource speaks for itself, at its own origin. */
function sameOrigin({ origin }: URL, named: string | undefined): string | undefined {
  return named !== undefined && URL.parse(named)?.origin === origin ? named : undefined
}

async function readOwnServer(
  fetch: Outbound,
  url: URL,
  { isMcp, access }: { isMcp: boolean; access: LocalNetworkAccess },
): Promise<KnownServer> {
  const issuers = [...new Set([...(isMcp ? [] : [url.href]), url.origin])]
  for (const issuer of issuers) {
    const server = await readServer(fetch, issuer, access)
    if (server) return server
  }
  if (!isMcp) throw unknownServer(url.href)
  const at = (path: string) => url.origin + path
  return {
    issuer: null,
    authorizationUrl: at('/authorize'),
    tokenUrl: at('/token'),
    registrationUrl: at('/register'),
  }
}

function unknownServer(url: string): ServiceError {
  return new ServiceError(
    'failed_precondition',
    'oauth_server_unknown',
    `${url.slice(0, 200)} does not say where its tokens come from. Register an app with the service, and enter its URLs.`,
  )
}
