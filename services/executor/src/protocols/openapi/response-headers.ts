import type { ResponseHeaders } from '@executor/egress'

/** Of the connection, of browsers, of caches on the way, or of nobody's business. */
const LEFT_OUT = new Set([
  'accept-ranges',
  'age',
  'alt-svc',
  'authorization',
  'connection',
  'content-encoding',
  'content-length',
  'content-security-policy',
  'content-security-policy-report-only',
  'date',
  'expect-ct',
  'keep-alive',
  'nel',
  'origin-agent-cluster',
  'p3p',
  'permissions-policy',
  'proxy-authenticate',
  'referrer-policy',
  'report-to',
  'reporting-endpoints',
  'server',
  'server-timing',
  'set-cookie',
  'set-cookie2',
  'strict-transport-security',
  'timing-allow-origin',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'vary',
  'via',
  'x-frame-options',
  'x-permitted-cross-domain-policies',
  'x-powered-by',
  'x-xss-protection',
  'x-content-type-options',
])
const LEFT_OUT_PREFIXES = ['access-control-', 'cf-', 'cross-origin-', 'sec-', 'x-amz-cf-']
const HEADERS_MAX = 100
const VALUE_CHARS_MAX = 4096

/** The headers a caller can use: paging, limits, versions, ids. */
export function usefulHeaders(headers: ResponseHeaders): Record<string, string> {
  const useful: Record<string, string> = {}
  let count = 0
  for (const name in headers) {
    if (LEFT_OUT.has(name) || name === '__proto__') continue
    if (LEFT_OUT_PREFIXES.some((prefix) => name.startsWith(prefix))) continue
    const value = headers[name]
    if (value === undefined) continue
    const text = typeof value === 'string' ? value : value.join(', ')
    useful[name] = text.length > VALUE_CHARS_MAX ? text.slice(0, VALUE_CHARS_MAX) : text
    if (++count === HEADERS_MAX) break
  }
  return useful
}

/** One header as text; empty when it did not come. */
export function headerText(headers: ResponseHeaders, name: string): string {
  const value = headers[name]
  if (value === undefined) return ''
  return typeof value === 'string' ? value : value.join(', ')
}
