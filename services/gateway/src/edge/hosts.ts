import type { GatewayConfig } from '../deps.ts'

const LOOPBACK = /^(localhost|127(?:\.\d{1,3}){3}|\[::1\])$/

/** Whether a host name, brackets included, can only mean this machine. */
export function isLoopbackName(name: string): boolean {
  return LOOPBACK.test(name) || name.endsWith('.localhost')
}

/** The name in a `Host` header, lower case, without its port; `null` when it is malformed. */
export function hostName(header: string): string | null {
  const [, name] = /^(\[[0-9a-f:.]+\]|[^\s:/?#@[\]\\]+)(?::\d{1,5})?$/i.exec(header) ?? []
  return name === undefined ? null : name.toLowerCase().replace(/\.$/, '')
}

/**
 * Answers whether this instance may be called by a `Host`. A page of another site can make its own
 * name resolve to this machine (DNS rebinding), but it cannot choose which name the browser sends.
 */
export function createHostCheck(
  config: Pick<GatewayConfig, 'origin' | 'allowedHosts'>,
): (header: string | undefined) => boolean {
  const names = new Set(config.allowedHosts.map((host) => hostName(host) ?? host))
  if (config.origin) names.add(new URL(config.origin).hostname.toLowerCase())
  // Every request of one client carries the same header: what was found good is not parsed again.
  const known = new Set<string>()
  return (header) => {
    if (header === undefined) return false
    if (known.has(header)) return true
    const name = hostName(header)
    if (name === null) return false
    if (!names.has('*') && !names.has(name) && !isLoopbackName(name)) return false
    if (known.size < KNOWN_MAX) known.add(header)
    return true
  }
}

const KNOWN_MAX = 256
