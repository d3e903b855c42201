import { egressError } from './failure.ts'

/** A URL taken apart: what a connection is keyed by, and what goes on the request line. */
export interface Target {
  /** `https://api.example.com`, with its port where it is not the scheme's own. */
  origin: string
  /** For messages: host and port. */
  host: string
  /** Path and query, byte for byte. */
  path: string
}

const ORIGINS_CACHED_MAX = 1000
const hosts = new Map<string, string>()

/**
 * Takes an absolute URL, or an origin with a path that must arrive as it is (a parsed URL folds
 * `/%2e%2e/`). Refuses other schemes than http and https, and credentials in the URL.
 */
export function parseTarget(url: string | URL | { origin: string; path: string }): Target {
  if (typeof url === 'string' || url instanceof URL) return fromUrl(parseUrl(url))
  if (!url.path.startsWith('/')) refuse(url.origin, 'its path does not begin with a slash')
  const known = hosts.get(url.origin)
  if (known !== undefined) return { origin: url.origin, host: known, path: url.path }
  const { origin, host } = fromUrl(parseUrl(url.origin))
  if (origin !== url.origin) refuse(host, 'its origin is not written as an origin')
  if (hosts.size >= ORIGINS_CACHED_MAX) hosts.clear()
  hosts.set(origin, host)
  return { origin, host, path: url.path }
}

function parseUrl(url: string | URL): URL {
  const parsed = typeof url === 'string' ? URL.parse(url) : url
  if (!parsed) refuse('', `"${String(url).slice(0, 200)}" is not an absolute URL`)
  return parsed
}

/** Checks the scheme and refuses userinfo. */
export function fromUrl(url: URL): Target {
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    refuse(url.host, `its scheme is ${url.protocol.slice(0, -1)}; use https or http`)
  if (url.username !== '' || url.password !== '')
    refuse(url.host, 'the URL holds a user name or password; put them into the credential')
  return { origin: url.origin, host: url.host, path: url.pathname + url.search }
}

function refuse(host: string, why: string): never {
  const whom = host === '' ? 'The request' : `The request to ${host}`
  throw egressError('egress_invalid_request', `${whom} is not sent: ${why}.`, { host, sent: false })
}
