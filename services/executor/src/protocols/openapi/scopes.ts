import type { ResponseHeaders } from '@executor/egress'
import { findBearerChallenge, listScopes } from '../challenges.ts'
import { headerText } from './response-headers.ts'

export interface ScopeShortfall {
  required: string[]
  granted: string[]
}

/** A 401 or 403 that says the token is good and its scopes are not enough; `null` otherwise. */
export function findScopeShortfall(headers: ResponseHeaders, body: unknown): ScopeShortfall | null {
  const challenge = findBearerChallenge(headerText(headers, 'www-authenticate'))
  if (challenge?.get('error')?.toLowerCase() === 'insufficient_scope')
    return { required: listScopes(challenge.get('scope')), granted: grantedScopes(headers) }
  if (hasGoogleReason(body)) return { required: [], granted: grantedScopes(headers) }
  return githubShortfall(headers)
}

/** GitHub names what an operation accepts (any one of them) and what the token has. */
function githubShortfall(headers: ResponseHeaders): ScopeShortfall | null {
  const required = listScopes(headerText(headers, 'x-accepted-oauth-scopes'))
  const granted = grantedScopes(headers)
  if (required.length === 0 || headers['x-oauth-scopes'] === undefined) return null
  return required.some((scope) => granted.includes(scope)) ? null : { required, granted }
}

function grantedScopes(headers: ResponseHeaders): string[] {
  return listScopes(headerText(headers, 'x-oauth-scopes'))
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
