import type { GatewayConfig } from '../deps.ts'
import { isLoopbackName } from './hosts.ts'

/**
 * What a page's origin means to us. `own` pages may use a person's session; `local` pages, of other
 * ports of this machine, may only use a key that they show themselves; `none` is no page at all.
 */
export type OriginKind = 'none' | 'own' | 'local' | 'foreign'

export function createOriginCheck(
  config: Pick<GatewayConfig, 'origin' | 'allowedOrigins'>,
): (origin: string | undefined, host: string | undefined) => OriginKind {
  const own = new Set(
    [config.origin, ...config.allowedOrigins].flatMap((url) => (url ? [new URL(url).origin] : [])),
  )
  return (origin, host) => {
    if (origin === undefined) return 'none'
    if (own.has(origin)) return 'own'
    if (host !== undefined && (origin === `http://${host}` || origin === `https://${host}`))
      return 'own'
    const url = URL.parse(origin)
    // A sandboxed frame's origin is "null", and an origin is never more than scheme, host and port.
    if (!url || url.origin !== origin) return 'foreign'
    return isLoopbackName(url.hostname) ? 'local' : 'foreign'
  }
}

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Whether a browser's session counts for a request: it never does for a page that is not ours, and
 * changing something takes proof that the page is (the `Origin` every browser sends with it).
 */
export function mayUseSession(
  method: string,
  origin: OriginKind,
  fetchSite: string | undefined,
): boolean {
  if (origin === 'own') return true
  if (origin !== 'none' || !SAFE_METHODS.has(method)) return false
  return fetchSite === undefined || fetchSite === 'same-origin' || fetchSite === 'none'
}
