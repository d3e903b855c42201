import type {
  Connection,
  ImportResult,
  Integration,
  Interaction,
  OauthClient,
  Rule,
  RunDetail,
  ToolDescription,
  ToolListing,
} from '@executor/contracts'

const NOW = 1_790_000_000_000

export function anIntegration(given: Partial<Integration> = {}): Integration {
  return {
    slug: 'petstore',
    name: 'Petstore',
    description: 'Pets',
    kind: 'openapi',
    canRemove: true,
    canRefresh: true,
    authMethods: [{ slug: 'none', kind: 'none', placements: [], origin: 'detected' }],
    toolCount: 3,
    createdAt: NOW,
    updatedAt: NOW,
    revision: 'r1',
    review: 'none',
    refreshEveryMs: null,
    heldCount: 0,
    ...given,
  }
}

export function anOauthClient(): OauthClient {
  return {
    owner: 'org',
    slug: 'app',
    grant: 'authorization_code',
    clientId: 'id',
    authorizationUrl: 'https://login.example/auth',
    tokenUrl: 'https://login.example/token',
    resource: null,
    issuer: null,
    origin: { kind: 'manual', integration: null },
    createdAt: 1,
  }
}

export function aConnection(given: Partial<Connection> = {}): Connection {
  return {
    owner: 'org',
    name: 'main',
    integration: 'petstore',
    address: 'tools.petstore.org.main',
    template: 'none',
    provider: 'encrypted',
    identityLabel: null,
    description: null,
    expiresAt: null,
    oauthClient: null,
    oauthClientOwner: null,
    oauthScope: null,
    missingOAuthScopes: [],
    lastHealth: null,
    createdAt: NOW,
    updatedAt: NOW,
    ...given,
  }
}

export function aTool(name: string, given: Partial<ToolListing> = {}): ToolListing {
  return {
    address: `tools.petstore.org.main.${name}`,
    owner: 'org',
    integration: 'petstore',
    connection: 'main',
    name,
    pluginId: 'openapi',
    description: `Does ${name}`,
    ...given,
  }
}

export function aDescription(given: Partial<ToolDescription> = {}): ToolDescription {
  return {
    address: 'tools.petstore.org.main.pet.findByStatus',
    name: 'pet.findByStatus',
    description: 'Finds pets',
    inputSchema: { type: 'object', properties: { status: { $ref: '#/$defs/Status' } } },
    outputSchema: { type: 'array', items: { $ref: '#/$defs/Pet' } },
    schemaDefinitions: { Status: { type: 'string' }, Pet: { type: 'object' } },
    inputTypeScript: '{ status?: Status }',
    outputTypeScript: 'Pet[]',
    typeScriptDefinitions: {},
    annotations: { readOnly: true, idempotent: true, destructive: false, requiresApproval: false },
    ...given,
  }
}

export function aRule(given: Partial<Rule> = {}): Rule {
  return {
    id: 'pol_1',
    owner: 'org',
    pattern: 'petstore.*',
    action: 'block',
    position: 'a0',
    createdAt: NOW,
    updatedAt: NOW,
    ...given,
  }
}

export function anImport(given: Partial<ImportResult> = {}): ImportResult {
  return {
    slug: 'petstore',
    toolCount: 3,
    addedTools: ['a'],
    removedTools: [],
    changedTools: [],
    warnings: [],
    ...given,
  }
}

export function aRun(given: Partial<RunDetail> = {}): RunDetail {
  return {
    id: 'run_1',
    kind: 'invocation',
    status: 'completed',
    title: 'tools.petstore.org.main.pet.findByStatus',
    isError: false,
    subject: 'local',
    via: 'rest',
    createdAt: NOW,
    startedAt: NOW,
    settledAt: NOW,
    stepCount: 1,
    code: null,
    arguments: {},
    result: { ok: true, data: 1 },
    resultBytes: 20,
    resultTruncated: false,
    steps: [],
    interactions: [],
    traceId: null,
    activeMs: 1,
    attempt: 1,
    ...given,
  }
}

export function anInteraction(given: Partial<Interaction> = {}): Interaction {
  return {
    id: 'int_1',
    runId: 'run_1',
    kind: 'approval',
    message: 'Approve?',
    address: 'petstore.org.main.addPet',
    arguments: {},
    digest: 'd',
    status: 'accepted',
    createdAt: 1,
    expiresAt: null,
    answeredAt: 2,
    answeredBy: 'local',
    answeredVia: 'console',
    ...given,
  }
}
