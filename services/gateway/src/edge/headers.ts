import type { OutgoingHttpHeaders } from 'node:http'

/** On every answer. Answers hold what only their reader may see, so nobody keeps them. */
export const API_HEADERS: OutgoingHttpHeaders = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
}

/** On pages: they load nothing from elsewhere, and nobody frames them. */
export function pageHeaders(scriptSources: readonly string[] = []): Record<string, string> {
  const scripts = ["'self'", ...scriptSources].join(' ')
  return {
    'content-security-policy': [
      "default-src 'none'",
      `script-src ${scripts}`,
      // Svelte sets styles on elements, which no hash can cover.
      "style-src 'self' 'unsafe-inline'",
      "img-src 'self' data: blob:",
      "font-src 'self' data:",
      "connect-src 'self'",
      "manifest-src 'self'",
      "worker-src 'self'",
      "base-uri 'self'",
      "form-action 'self'",
      "frame-ancestors 'none'",
    ].join('; '),
    'x-frame-options': 'DENY',
    // OAuth windows talk to the page that opened them.
    'cross-origin-opener-policy': 'same-origin-allow-popups',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=()',
  }
}

const CORS_METHODS = 'GET, POST, PUT, PATCH, DELETE'
const CORS_REQUEST_HEADERS =
  'authorization, content-type, prefer, x-api-key, x-executor-client, x-executor-organization, traceparent, tracestate, mcp-protocol-version, mcp-session-id, mcp-method, mcp-name, last-event-id'
const CORS_RESPONSE_HEADERS =
  'link, location, x-next-cursor, traceparent, retry-after, www-authenticate, mcp-session-id, mcp-protocol-version'

/** What a page of another origin needs to read an answer; only for origins that may. */
export function corsHeaders(origin: string, withSession: boolean): Record<string, string> {
  return {
    'access-control-allow-origin': origin,
    vary: 'origin',
    'access-control-expose-headers': CORS_RESPONSE_HEADERS,
    ...(withSession && { 'access-control-allow-credentials': 'true' }),
  }
}

export function preflightHeaders(): Record<string, string> {
  return {
    'access-control-allow-methods': CORS_METHODS,
    'access-control-allow-headers': CORS_REQUEST_HEADERS,
    'access-control-max-age': '600',
  }
}
