import type { IntegrationSettings, ToolError } from '@executor/contracts'
import { type Account, authenticationDetails } from './authentication.ts'
import type { ScopeShortfall } from './openapi/scopes.ts'

/** The token is good, and not for this. `answered` says who answered what, without a full stop. */
export function scopeError(
  answered: string,
  { required, granted }: ScopeShortfall,
  settings: IntegrationSettings,
  account: Account,
  upstream: { status: number; body: unknown },
): ToolError {
  const needs = required.length > 0 ? ` It needs ${required.join(', ')}` : ' It needs more scopes'
  const has = granted.length > 0 ? `; granted are ${granted.join(', ')}.` : '.'
  const details = authenticationDetails(settings, account, upstream)
  const { startOAuthTool: _, ...recovery } = details.recovery
  return {
    code: 'oauth_scope_insufficient',
    message: `${answered}.${needs}${has} A person has to connect again and grant them.`,
    status: upstream.status,
    // An agent that signed in again by itself would end here again.
    details: { ...details, recovery, requiredScopes: required, grantedScopes: granted },
    retryable: false,
  }
}
