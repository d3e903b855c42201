import { isServiceError, type McpOauth } from '@executor/contracts'
import { z } from 'zod'
import type { Access } from '../protocol.ts'
import type { Refusal } from './exchange.ts'
import { configOf } from './plan.ts'

const METADATA_MS = 4_000
const METADATA_BYTES_MAX = 256 * 1024
const SCOPES_MAX = 100
const RESOURCE_METADATA = /\bresource_metadata\s*=\s*"?([^",\s]+)"?/i

const Scopes = z.array(z.string()).optional().catch(undefined)
const Resource = z.object({
  resource: z.string().optional().catch(undefined),
  authorization_servers: z.array(z.string()).min(1),
  scopes_supported: Scopes,
})
const AuthorizationServer = z.object({
  authorization_endpoint: z.string().optional().catch(undefined),
  token_endpoint: z.string().optional().catch(undefined),
  registration_endpoint: z.string().optional().catch(undefined),
  scopes_supported: Scopes,
})

/**
 * Where a server that refuses strangers says that tokens come from: its protected resource metadata
 * (RFC 9728), then that of its authorization server (RFC 8414). Null where it does not say.
 */
export async function describeOauth(access: Access, refusal: Refusal): Promise<McpOauth | null> {
  const config = configOf(access.settings)
  if (config.transport !== 'remote') return null
  const endpoint = new URL(config.endpoint)
  const named = RESOURCE_METADATA.exec(refusal.headers.get('www-authenticate') ?? '')?.[1]
  const places = named === undefined ? resourcePlaces(endpoint) : [named]
  const resource = await readFirst(access, places, Resource)
  if (!resource) return null
  const issuers = resource.authorization_servers
  const server = await readFirst(access, issuerPlaces(issuers[0] ?? ''), AuthorizationServer)
  const scopes = resource.scopes_supported ?? server?.scopes_supported ?? []
  return {
    ...(resource.resource === undefined ? {} : { resource: resource.resource }),
    authorizationServers: issuers,
    scopes: scopes.slice(0, SCOPES_MAX),
    ...given('authorizationUrl', server?.authorization_endpoint),
    ...given('tokenUrl', server?.token_endpoint),
    ...given('registrationUrl', server?.registration_endpoint),
  }
}

function given<K extends string>(name: K, value: string | undefined): { [name in K]?: string } {
  return (value === undefined ? {} : { [name]: value }) as { [name in K]?: string }
}

function resourcePlaces({ origin, pathname }: URL): string[] {
  const base = `${origin}/.well-known/oauth-protected-resource`
  return pathname === '/' ? [base] : [`${base}${pathname.replace(/\/$/, '')}`, base]
}

function issuerPlaces(issuer: string): string[] {
  const url = URL.parse(issuer)
  if (!url) return []
  const path = url.pathname.replace(/\/$/, '')
  return [
    `${url.origin}/.well-known/oauth-authorization-server${path}`,
    `${url.origin}/.well-known/openid-configuration${path}`,
    ...(path === '' ? [] : [`${url.origin}${path}/.well-known/openid-configuration`]),
  ]
}

/** The first of these documents that is there and says something. */
async function readFirst<S extends z.ZodType>(
  access: Access,
  urls: readonly string[],
  schema: S,
): Promise<z.output<S> | null> {
  for (const url of urls) {
    const read = await readDocument(access, url, schema)
    if (read !== null) return read
  }
  return null
}

async function readDocument<S extends z.ZodType>(
  { egress, signal }: Access,
  url: string,
  schema: S,
): Promise<z.output<S> | null> {
  try {
    const { status, text } = await egress.fetchDocument(url, {
      signal,
      timeoutMs: METADATA_MS,
      maxBytes: METADATA_BYTES_MAX,
    })
    if (status !== 200) return null
    const parsed = schema.safeParse(JSON.parse(text))
    return parsed.success ? parsed.data : null
  } catch (error) {
    // A hint that cannot be had is none; whoever asked goes away with what is known.
    if (error instanceof SyntaxError || isServiceError(error)) return null
    throw error
  }
}
