import { ServiceError } from '@executor/contracts'
import { z } from 'zod'
import type { Outbound } from './outbound.ts'

export const SCOPES_MAX = 100
/** A resource may name many servers; so many are asked. */
export const SERVERS_MAX = 3

const Scopes = z.array(z.string()).optional().catch(undefined)
const Metadata = z.object({
  resource: z.string(),
  authorization_servers: z.array(z.string()).min(1),
  scopes_supported: Scopes,
})

/** What a protected resource says of itself (RFC 9728). */
export interface ProtectedResource {
  resource: string
  issuers: string[]
  scopes: string[] | undefined
}

/** Null where it says nothing. Throws where it speaks for somebody else. */
export async function readResource(
  fetch: Outbound,
  url: URL,
  named: string | undefined,
): Promise<ProtectedResource | null> {
  for (const place of named === undefined ? resourcePlaces(url) : [named]) {
    const response = await fetch(place, { headers: { accept: 'application/json' } })
    if (response.status !== 200) continue
    const parsed = Metadata.safeParse(await response.json().catch(() => null))
    if (!parsed.success) continue
    const { resource, authorization_servers: issuers, scopes_supported: scopes } = parsed.data
    if (!covers(resource, url)) throw foreign(url, resource)
    return {
      resource,
      issuers: issuers.slice(0, SERVERS_MAX),
      scopes: scopes?.slice(0, SCOPES_MAX),
    }
  }
  return null
}

function resourcePlaces({ origin, pathname }: URL): string[] {
  const base = `${origin}/.well-known/oauth-protected-resource`
  return pathname === '/' ? [base] : [`${base}${pathname.replace(/\/$/, '')}`, base]
}

/** It is what was called, or lies above it: a token for it is good for nothing else. */
function covers(resource: string, { origin, pathname }: URL): boolean {
  const parsed = URL.parse(resource)
  if (!parsed || parsed.origin !== origin || parsed.hash !== '') return false
  const above = parsed.pathname.replace(/\/$/, '')
  return pathname === above || pathname.startsWith(`${above}/`)
}

function foreign({ host }: URL, resource: string): ServiceError {
  return new ServiceError(
    'failed_precondition',
    'oauth_resource_mismatch',
    `${host} says that its tokens are for ${resource.slice(0, 200)}, which is somebody else. It gets none.`,
  )
}
