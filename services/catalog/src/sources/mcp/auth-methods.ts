import type { AddStdioMcpInput, AuthMethod, McpDiscovery, McpOauth } from '@executor/contracts'

const NONE: AuthMethod = { slug: 'none', kind: 'none', placements: [], origin: 'detected' }
const BEARER: AuthMethod = {
  slug: 'bearer',
  label: 'Bearer token',
  kind: 'apikey',
  placements: [{ carrier: 'header', name: 'Authorization', prefix: 'Bearer ' }],
  origin: 'detected',
}

/** How a server over HTTP can be entered, as far as it tells by itself. */
export function detectMethods(discovery: McpDiscovery | null): AuthMethod[] {
  if (discovery?.status === 'connected') return [NONE]
  if (discovery?.status === 'refused' && discovery.oauth)
    return [toOauthMethod(discovery.oauth), BEARER]
  return [BEARER]
}

function toOauthMethod({
  issuer: _issuer,
  registrationUrl: _registrationUrl,
  ...oauth
}: McpOauth): AuthMethod {
  return {
    slug: 'oauth2',
    kind: 'oauth2',
    placements: [{ carrier: 'header', name: 'Authorization', prefix: 'Bearer ' }],
    oauth: { ...oauth, grant: 'authorization_code' },
    origin: 'detected',
  }
}

/** The variables of a process that a connection fills; without any there is nothing to enter. */
export function environmentMethods(envVars: AddStdioMcpInput['envVars'] = []): AuthMethod[] {
  if (envVars.length === 0) return [NONE]
  const placements = envVars.map((variable) => {
    const name = typeof variable === 'string' ? variable : variable.name
    return { carrier: 'env' as const, name, variable: name }
  })
  return [{ slug: 'env', kind: 'env', label: 'Environment', placements, origin: 'custom' }]
}
