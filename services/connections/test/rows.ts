import type { ConnectionRow } from '../src/connection.ts'

export function aConnectionRow(given: Partial<ConnectionRow> = {}): ConnectionRow {
  return {
    id: 'c1',
    tenant: 'acme',
    owner: 'org',
    subject: '',
    integration: 'github',
    name: 'work',
    template: 'bearer',
    provider: 'encrypted',
    itemIds: { token: 'item-1' },
    linked: false,
    identityLabel: null,
    description: 'Für “alles” 🚀',
    expiresAt: 1_750_000_000_001,
    oauthClient: null,
    oauthClientOwner: null,
    oauthScope: null,
    refreshItemId: null,
    oauthTokenUrl: null,
    oauthResource: null,
    missingScopes: [],
    consent: null,
    refreshClaim: null,
    refreshClaimEnds: null,
    lastHealth: null,
    revision: 'r1',
    createdAt: 1_750_000_000_000,
    updatedAt: 1_750_000_000_000,
    ...given,
  }
}
