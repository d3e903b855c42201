import type { Connection } from '@executor/contracts'

/** An account of an integration that asks for no credential. */
export function aConnection(integration: string, given: Partial<Connection> = {}): Connection {
  return {
    owner: 'org',
    name: 'main',
    integration,
    address: `tools.${integration}.org.main`,
    template: 'none',
    provider: 'memory',
    identityLabel: null,
    description: null,
    expiresAt: null,
    oauthClient: null,
    oauthClientOwner: null,
    oauthScope: null,
    missingOAuthScopes: [],
    lastHealth: null,
    createdAt: 0,
    updatedAt: 0,
    ...given,
  }
}
