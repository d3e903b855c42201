type Operands = readonly unknown[]

/** URL operations for the sandbox: pure, on text alone. */
const OPERATIONS: Record<string, (operands: Operands) => unknown> = {
  parse: ([url, base]) => partsOf(parse(String(url), base)),
  change: ([href, name, value]) => {
    const url = parse(String(href), undefined)
    if (url === null) return null
    return Reflect.set(url, String(name), String(value)) ? partsOf(url) : null
  },
  parseQuery: ([query]) => [...new URLSearchParams(String(query))],
  formatQuery: ([pairs]) => new URLSearchParams(pairs as [string, string][]).toString(),
}
const NAMES = new Set(['href', 'protocol', 'username', 'password', 'host', 'hostname', 'port'])
const CHANGEABLE = NAMES.union(new Set(['pathname', 'search', 'hash']))

export function operateUrl(operation: string, operands: string): string {
  const values: unknown = JSON.parse(operands)
  if (!Array.isArray(values) || !Object.hasOwn(OPERATIONS, operation)) return 'null'
  if (operation === 'change' && !CHANGEABLE.has(String(values[1]))) return 'null'
  try {
    return JSON.stringify(OPERATIONS[operation]?.(values) ?? null)
  } catch {
    // A setter that refuses its value, or a query that is no list of pairs.
    return 'null'
  }
}

function parse(url: string, base: unknown): URL | null {
  return URL.parse(url, base === undefined ? undefined : String(base))
}

function partsOf(url: URL | null): string[] | null {
  if (url === null) return null
  const { href, origin, protocol, username, password, host } = url
  const { hostname, port, pathname, search, hash } = url
  return [href, origin, protocol, username, password, host, hostname, port, pathname, search, hash]
}
