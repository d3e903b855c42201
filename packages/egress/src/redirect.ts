import { egressError } from './failure.ts'
import { fromUrl, type Target } from './target.ts'

/** A request between two hops: what may still change. */
export interface Hop {
  target: Target
  method: string
  /** Names in lower case. */
  headers: Record<string, string>
  body: string | Uint8Array | undefined
}

/** What the caller said must never reach another origin; names in lower case but for the query. */
export interface CredentialNames {
  headers: readonly string[]
  query: readonly string[]
}

const ALWAYS_CREDENTIALS = ['authorization', 'cookie', 'proxy-authorization']
const BODY_HEADERS = ['content-type', 'content-encoding', 'content-language', 'content-location']

export function isRedirect(status: number): boolean {
  return status === 301 || status === 302 || status === 303 || status === 307 || status === 308
}

/** The request that follows a redirect (RFC 9110, 15.4); credentials stay with their origin. */
export function followRedirect(
  hop: Hop,
  status: number,
  location: string,
  credentials: CredentialNames,
): Hop {
  const { host, origin } = hop.target
  const url = URL.parse(location, origin + hop.target.path)
  if (!url)
    throw egressError('egress_redirects', `${host} redirects to something that is not a URL.`, {
      host,
      sent: true,
    })
  const headers = { ...hop.headers }
  if (url.origin !== origin) {
    for (const name of [...ALWAYS_CREDENTIALS, ...credentials.headers]) delete headers[name]
    for (const name of credentials.query)
      if (url.searchParams.has(name)) url.searchParams.delete(name)
  }
  const target = fromUrl(url)
  if (!becomesGet(hop.method, status)) return { ...hop, target, headers }
  for (const name of BODY_HEADERS) delete headers[name]
  return { target, method: 'GET', headers, body: undefined }
}

/** 301 and 302 turn POST into GET because every browser did, before the standard said so. */
function becomesGet(method: string, status: number): boolean {
  if (status === 303) return method !== 'GET' && method !== 'HEAD'
  return (status === 301 || status === 302) && method === 'POST'
}
