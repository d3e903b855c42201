import { isServiceError, ServiceError } from '@executor/contracts'
import type { LocalNetworkAccess } from '@executor/egress'
import * as oauth from 'oauth4webapi'
import { isEndpointUrl } from './endpoint-url.ts'
import type { KnownServer } from './known-server.ts'
import type { Outbound } from './outbound.ts'

/** What a server says of itself: null where it says nothing. Throws where what it says is not to be believed. */
export async function readServer(
  fetch: Outbound,
  issuer: string,
  access: LocalNetworkAccess,
): Promise<KnownServer | null> {
  const url = URL.parse(issuer)
  if (!url || !isEndpointUrl(issuer, access)) return null
  for (const place of metadataPlaces(url)) {
    const response = await fetch(place, { headers: { accept: 'application/json' } })
    if (response.status !== 200) continue
    return toKnownServer(await readMetadata(response, url), access)
  }
  return null
}

/** Reads the document at an address that somebody gave; the issuer it names has to be served there. */
export async function readServerAt(
  fetch: Outbound,
  address: string,
  access: LocalNetworkAccess,
): Promise<KnownServer | null> {
  const response = await fetch(address, { headers: { accept: 'application/json' } })
  if (response.status !== 200) return null
  const body = (await response.clone().json()) as { issuer?: unknown }
  const issuer = typeof body.issuer === 'string' ? URL.parse(body.issuer) : null
  if (!issuer || !metadataPlaces(issuer).includes(address)) throw untrue(address)
  return toKnownServer(await readMetadata(response, issuer), access)
}

/** RFC 8414 first, then both places where OpenID Connect's document is found. */
export function metadataPlaces({ origin, pathname }: URL): string[] {
  const path = pathname.replace(/\/$/, '')
  return [
    `${origin}/.well-known/oauth-authorization-server${path}`,
    `${origin}/.well-known/openid-configuration${path}`,
    ...(path === '' ? [] : [`${origin}${path}/.well-known/openid-configuration`]),
  ]
}

async function readMetadata(response: Response, issuer: URL): Promise<oauth.AuthorizationServer> {
  try {
    return await oauth.processDiscoveryResponse(issuer, response)
  } catch (error) {
    if (isServiceError(error)) throw error
    throw untrue(issuer.href, error)
  }
}

function toKnownServer(
  metadata: oauth.AuthorizationServer,
  access: LocalNetworkAccess,
): KnownServer {
  const {
    issuer,
    authorization_endpoint: authorizationUrl,
    token_endpoint: tokenUrl,
    registration_endpoint: registrationUrl,
    revocation_endpoint: revocationUrl,
    code_challenge_methods_supported: challenges,
  } = metadata
  const endpoints = [authorizationUrl, tokenUrl, registrationUrl, revocationUrl]
  if (endpoints.some((url) => url !== undefined && !isEndpointUrl(url, access)))
    throw untrue(issuer)
  // Servers for programs alone have no page to sign in at.
  if (tokenUrl === undefined) throw untrue(issuer)
  if (challenges !== undefined && !challenges.includes('S256')) throw withoutPkce(issuer)
  return {
    issuer,
    authorizationUrl: authorizationUrl ?? '',
    tokenUrl,
    ...(registrationUrl === undefined ? {} : { registrationUrl }),
    ...(revocationUrl === undefined ? {} : { revocationUrl }),
    ...texts('authMethods', metadata.token_endpoint_auth_methods_supported),
    ...texts('scopes', metadata.scopes_supported),
    takesClientDocuments: metadata.client_id_metadata_document_supported === true,
    namesItself: metadata.authorization_response_iss_parameter_supported === true,
  }
}

/** More than any server has. */
const WORDS_MAX = 200

function texts<K extends string>(name: K, given: unknown): { [name in K]?: string[] } {
  if (!Array.isArray(given)) return {}
  const words = given.filter((word) => typeof word === 'string').slice(0, WORDS_MAX)
  return { [name]: words } as { [name in K]?: string[] }
}

function untrue(place: string, cause?: unknown): ServiceError {
  return new ServiceError(
    'failed_precondition',
    'oauth_metadata_invalid',
    `What ${place.slice(0, 200)} says of its authorization server cannot be believed: it names another server, or addresses that cannot be used.`,
    { cause },
  )
}

function withoutPkce(issuer: string): ServiceError {
  return new ServiceError(
    'failed_precondition',
    'oauth_pkce_unsupported',
    `${issuer.slice(0, 200)} does not support PKCE with S256, without which a sign-in can be stolen.`,
  )
}
