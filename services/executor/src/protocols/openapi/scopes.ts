import type { ResponseHeaders } from '@executor/egress'
import { headerText } from './response-headers.ts'

export interface ScopeShortfall {
  required: string[]
  granted: string[]
}

/** A 401 or 403 that says the token is good and its scopes are not enough; `null` otherwise. */
export function findScopeShortfall(headers: ResponseHeaders, body: unknown): ScopeShortfall | null {
  const challenge = headerText(headers, 'www-authenticate')
  if (/error\s*=\s*"?insufficient_scope/i.test(challenge)) {
    const scope = /scope\s*=\s*(?:"([^"]*)"|([^\s,]+))/i.exec(
      challenge.replace(/insufficient_scope/gi, ''),
    )
    return { required: list(scope?.[1] ?? scope?.[2] ?? ''), granted: grantedScopes(headers) }
  }
  if (hasGoogleReason(body)) return { required: [], granted: grantedScopes(headers) }
  return githubShortfall(headers)
}

/** GitHub names what an operation accepts (any one of them) and what the token has. */
function githubShortfall(headers: ResponseHeaders): ScopeShortfall | null {
  const required = list(headerText(headers, 'x-accepted-oauth-scopes'))
  const granted = grantedScopes(headers)
  if (required.length === 0 || headers['x-oauth-scopes'] === undefined) return null
  return required.some((scope) => granted.includes(scope)) ? null : { required, granted }
}

function grantedScopes(headers: ResponseHeaders): string[] {
  return list(headerText(headers, 'x-oauth-scopes'))
}

const GOOGLE_REASONS = new Set(['ACCESS_TOKEN_SCOPE_INSUFFICIENT', 'insufficientPermissions'])

function hasGoogleReason(body: unknown): boolean {
  const error = field(body, 'error')
  const listed = [field(error, 'details'), field(error, 'errors')].flatMap((entries) =>
    Array.isArray(entries) ? entries : [],
  )
  return listed.some((entry) => GOOGLE_REASONS.has(String(field(entry, 'reason'))))
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined
}

function list(text: string): string[] {
  return text.split(/[\s,]+/).filter((scope) => scope !== '')
}
