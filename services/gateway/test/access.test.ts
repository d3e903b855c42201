import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  aConnection,
  anImport,
  anIntegration,
  anInteraction,
  anOauthClient,
  aRule,
  aRun,
} from './fixtures.ts'
import { type Harness, startGateway } from './harness.ts'

let gateway: Harness
const principals: unknown[] = []

beforeAll(async () => {
  const integration = anIntegration()
  const rule = aRule()
  const connection = aConnection()
  const url = 'https://a.example'
  const client = anOauthClient()
  const health = { status: 'healthy', checkedAt: 1 } as const
  const settled = {
    status: 'settled',
    runId: 'run_1',
    kind: 'execution',
    run: 'completed',
    result: { ok: true, value: 1, emitted: [], logs: [] },
  } as const
  gateway = await startGateway({
    catalog: {
      listTools: () => ({ bytes: Buffer.from('{"items":[]}') }),
      searchTools: () => ({ items: [], total: 0, hasMore: false, nextOffset: null }),
      describeTool: () => ({ json: '{}' }),
      listIntegrations: (_input, { principal }) => {
        principals.push(principal)
        return { items: [] }
      },
      getIntegration: () => integration,
      updateIntegration: () => integration,
      removeIntegration: () => ({ removed: true }),
      configureIntegration: () => integration,
      refreshIntegration: () => anImport(),
      refreshConnection: () => anImport(),
      previewRefresh: () => ({
        slug: 'a',
        toolCount: 1,
        diff: { added: 0, changed: 0, removed: 0, operations: [], settings: [] },
        rules: [],
        heldTools: [],
        warnings: [],
      }),
      listChanges: () => ({ items: [] }),
      listHeldOperations: () => [],
      reviewOperations: () => ({ decided: [], waiting: 0, toolCount: 1 }),
      addIntegration: () => anImport(),
      detectSource: () => [],
      listPresets: () => ({ items: [] }),
      previewSource: ({ kind }) =>
        kind === 'mcp'
          ? {
              connected: false,
              requiresAuthentication: true,
              requiresOAuth: false,
              supportsDynamicRegistration: false,
              name: 'A',
              slug: 'a',
              toolCount: null,
              serverName: null,
              instructions: null,
              authMethods: [],
            }
          : { operationCount: 0, tagCounts: {}, servers: [], authMethods: [], warnings: [] },
      getIntegrationSettings: () => ({
        slug: 'a',
        kind: 'graphql',
        revision: 'r',
        authMethods: [],
        config: { endpoint: 'https://a.example' },
      }),
      getHealthCheck: () => null,
      setHealthCheck: () => ({ ok: true }),
      listHealthCheckCandidates: () => [],
    },
    connections: {
      listConnections: () => ({ items: [] }),
      getConnection: () => connection,
      createConnection: () => connection,
      updateConnection: () => connection,
      removeConnection: () => ({ removed: true }),
      checkConnection: () => health,
      validateCredential: () => health,
      listProviders: () => [{ key: 'encrypted', writable: true }],
      listProviderItems: () => [],
      listOauthClients: () => [],
      createOauthClient: () => client,
      registerOauthClient: () => client,
      removeOauthClient: () => ({ removed: true }),
      probeOauth: () => ({ authorizationUrl: url, tokenUrl: url }),
      startOauth: () => ({ status: 'redirect', authorizationUrl: url, state: 's' }),
      completeOauth: () => ({ owner: 'org', integration: 'a', name: 'a' }),
      returnOauth: () => ({
        outcome: {
          status: 'connected',
          connection: { owner: 'org', integration: 'a', name: 'a' },
        },
      }),
      cancelOauth: () => ({ cancelled: true }),
      awaitOauth: () => ({ status: 'pending' }),
    },
    policy: {
      listRules: () => ({ items: [] }),
      createRule: () => rule,
      updateRule: () => rule,
      removeRule: () => ({ removed: true }),
      explain: () => ({
        action: 'approve',
        source: 'plugin-default',
        path: 'executor.openapi.addSpec',
        matches: [],
        defaultAction: 'approve',
        reason: 'No rule matches.',
      }),
    },
    executor: {
      invoke: () => ({ json: '{"ok":true,"data":1}' }),
      listRuns: () => ({ items: [] }),
      getRun: () => aRun(),
      execute: () => ({ json: JSON.stringify(settled) }),
      awaitRun: () => ({ json: JSON.stringify(settled) }),
      cancelRun: () => aRun(),
      rerunRun: () => aRun(),
      readResult: () => ({ json: '1' }),
      listInteractions: () => ({ items: [] }),
      answerInteraction: () => anInteraction(),
    },
  })
})
afterAll(() => gateway.close())

const spec = { spec: { kind: 'blob', value: '{}' } }
const server = { name: 'A', endpoint: 'https://a.example/mcp', remoteTransport: 'auto' }
const newConnection = { owner: 'org', name: 'a', integration: 'a', template: 'none' }
const connection = '/api/connections/org/petstore/main'
const newClient = {
  owner: 'org',
  slug: 'a',
  grant: 'authorization_code',
  authorizationUrl: 'https://a.example',
  tokenUrl: 'https://a.example',
  clientId: 'a',
}
const registration = {
  owner: 'org',
  registrationEndpoint: 'https://a.example',
  authorizationUrl: 'https://a.example',
  tokenUrl: 'https://a.example',
}
const signIn = { owner: 'org', name: 'a', integration: 'a', template: 'oauth2' }

/** Every route, and what each key may do there: the owner, an agent, nobody. */
const ROUTES: [string, string, unknown, number, number, number][] = [
  ['GET', '/api/health', undefined, 200, 200, 200],
  ['GET', '/health', undefined, 200, 200, 200],
  ['GET', '/api/session', undefined, 200, 200, 200],
  ['POST', '/api/session', {}, 204, 403, 401],
  ['DELETE', '/api/session', undefined, 204, 204, 204],
  ['GET', '/api/openapi.json', undefined, 200, 200, 200],
  ['GET', '/api/docs', undefined, 200, 200, 200],
  ['GET', '/api/tools', undefined, 200, 200, 401],
  ['GET', '/api/tools/schema?address=a', undefined, 200, 200, 401],
  ['POST', '/api/tools/invoke', { address: 'a' }, 200, 200, 401],
  ['GET', '/api/integrations', undefined, 200, 200, 401],
  ['GET', '/api/integrations/presets', undefined, 200, 200, 401],
  ['POST', '/api/integrations/detect', { url: 'https://a.example' }, 200, 200, 401],
  ['GET', '/api/integrations/a', undefined, 200, 200, 401],
  ['PATCH', '/api/integrations/a', { name: 'b' }, 200, 403, 401],
  ['DELETE', '/api/integrations/a', undefined, 200, 403, 401],
  ['POST', '/api/integrations/a/refresh', {}, 200, 403, 401],
  ['POST', '/api/integrations/a/refresh?dryRun', {}, 200, 403, 401],
  ['GET', '/api/integrations/a/changes', undefined, 200, 200, 401],
  ['GET', '/api/integrations/a/review', undefined, 200, 200, 401],
  ['POST', '/api/integrations/a/review/approve', { revision: 'r' }, 200, 403, 401],
  ['POST', '/api/integrations/a/review/reject', { revision: 'r' }, 200, 403, 401],
  ['GET', '/api/integrations/a/health-check', undefined, 200, 200, 401],
  ['GET', '/api/integrations/a/health-check/candidates', undefined, 200, 200, 401],
  ['PUT', '/api/integrations/a/health-check', { spec: null }, 200, 403, 401],
  ['GET', '/api/connections', undefined, 200, 200, 401],
  ['POST', '/api/connections', newConnection, 200, 403, 401],
  ['POST', '/api/connections/validate', newConnection, 200, 403, 401],
  ['GET', connection, undefined, 200, 200, 401],
  ['PATCH', connection, { description: null }, 200, 403, 401],
  ['DELETE', connection, undefined, 200, 403, 401],
  ['POST', `${connection}/refresh`, {}, 200, 403, 401],
  ['POST', `${connection}/health`, {}, 200, 200, 401],
  ['GET', '/api/oauth/clients', undefined, 200, 200, 401],
  ['POST', '/api/oauth/clients', newClient, 200, 403, 401],
  ['POST', '/api/oauth/clients/register-dynamic', registration, 200, 403, 401],
  ['DELETE', '/api/oauth/clients/a', { owner: 'org' }, 200, 403, 401],
  ['POST', '/api/oauth/probe', { url: 'https://a.example' }, 200, 200, 401],
  ['POST', '/api/oauth/start', signIn, 200, 403, 401],
  ['POST', '/api/oauth/complete', { state: 's', code: 'c' }, 200, 403, 401],
  ['POST', '/api/oauth/cancel', { state: 's' }, 200, 200, 401],
  ['GET', '/api/oauth/await/s', undefined, 200, 200, 401],
  ['GET', '/api/oauth/callback?state=s&code=c', undefined, 200, 200, 200],
  ['GET', '/api/oauth/client-id-metadata.json', undefined, 200, 200, 200],
  ['GET', '/api/oauth/client-id-metadata/local.json', undefined, 200, 200, 200],
  ['GET', '/api/providers', undefined, 200, 200, 401],
  ['GET', '/api/providers/encrypted/items', undefined, 200, 403, 401],
  ['GET', '/api/policies', undefined, 200, 200, 401],
  ['GET', '/api/policies/explain?address=executor.openapi.addSpec', undefined, 200, 200, 401],
  ['POST', '/api/policies', { owner: 'org', pattern: '*', action: 'block' }, 200, 403, 401],
  ['PATCH', '/api/policies/pol_1', { owner: 'org', action: 'block' }, 200, 403, 401],
  ['DELETE', '/api/policies/pol_1', { owner: 'org' }, 200, 403, 401],
  ['POST', '/api/openapi/preview', { spec: '{}' }, 200, 200, 401],
  ['POST', '/api/openapi/specs', spec, 200, 403, 401],
  ['GET', '/api/openapi/integrations/a', undefined, 200, 200, 401],
  ['DELETE', '/api/openapi/integrations/a', undefined, 204, 403, 401],
  ['GET', '/api/openapi/integrations/a/config', undefined, 200, 200, 401],
  ['POST', '/api/openapi/integrations/a/config', {}, 200, 403, 401],
  ['POST', '/api/openapi/integrations/a/spec', {}, 200, 403, 401],
  ['POST', '/api/graphql/integrations', { endpoint: 'https://a.example' }, 200, 403, 401],
  ['GET', '/api/graphql/integrations/a', undefined, 200, 200, 401],
  ['GET', '/api/graphql/integrations/a/config', undefined, 200, 200, 401],
  ['POST', '/api/graphql/integrations/a/config', {}, 200, 403, 401],
  ['POST', '/api/graphql/integrations/a/refresh', {}, 200, 403, 401],
  ['POST', '/api/mcp/probe', { endpoint: 'https://a.example/mcp' }, 200, 200, 401],
  ['POST', '/api/mcp/servers', server, 200, 403, 401],
  ['GET', '/api/mcp/servers/a', undefined, 200, 200, 401],
  ['POST', '/api/mcp/servers/a/config', { config: server }, 200, 403, 401],
  ['POST', '/api/mcp/servers/a/auth', { authenticationTemplate: [] }, 200, 403, 401],
  ['DELETE', '/api/mcp/servers/a', undefined, 200, 403, 401],
  ['GET', '/api/executions', undefined, 200, 200, 401],
  ['GET', '/api/executions/run_1', undefined, 200, 200, 401],
  ['GET', '/api/tools/search?query=a', undefined, 200, 200, 401],
  ['POST', '/api/executions', { code: 'return 1' }, 200, 200, 401],
  // Whether an agent may answer is the executor's to say: the instance decides.
  ['POST', '/api/executions/run_1/resume', { action: 'accept' }, 200, 200, 401],
  ['POST', '/api/executions/run_1/cancel', {}, 200, 200, 401],
  ['POST', '/api/executions/run_1/rerun', {}, 202, 202, 401],
  ['GET', '/api/executions/run_1/result', undefined, 200, 200, 401],
  ['GET', '/api/interactions', undefined, 200, 200, 401],
  ['POST', '/api/interactions/int_1/answer', { action: 'accept' }, 200, 200, 401],
]

describe('who may use a route', () => {
  it.each(ROUTES)('%s %s', async (method, path, body, owner, agent, nobody) => {
    const answers = [
      await gateway.ask(path, { method, body, as: 'owner' }),
      await gateway.ask(path, { method, body, as: 'agent' }),
      await gateway.ask(path, { method, body, as: null }),
    ]

    expect(answers.map(({ status }) => status)).toEqual([owner, agent, nobody])
  })

  it('has every route of the description in this table', async () => {
    const { body } = await gateway.json('/api/openapi.json')
    const { paths } = body as { paths: Record<string, object> }
    const described = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    )

    const tried = ROUTES.map(([method, path]) => `${method} ${path.split('?')[0]}`)

    const missing = described.filter((route) => {
      const pattern = new RegExp(`^${route.replace(/\{\w+\}/g, '[^/]+')}$`)
      return !tried.some((one) => pattern.test(one))
    })
    expect(missing).toEqual([])
  })

  it('tells an agent that a person has to do it', async () => {
    const { status, body } = await gateway.json('/api/policies', {
      as: 'agent',
      body: { owner: 'org', pattern: '*', action: 'approve' },
    })

    expect(status).toBe(403)
    expect(body).toMatchObject({ _tag: 'AgentNotAllowedError', reason: 'agent_not_allowed' })
  })

  it('tells the bus who asks, and through which door', async () => {
    principals.length = 0

    await gateway.ask('/api/integrations')
    await gateway.ask('/api/integrations', { headers: { 'x-executor-client': 'cli' } })
    await gateway.ask('/api/integrations', { as: 'agent' })

    const someone = { tenant: 'default', subject: 'local' }
    expect(principals).toEqual([
      { ...someone, roles: ['owner'], via: 'rest' },
      { ...someone, roles: ['owner'], via: 'cli' },
      { ...someone, roles: ['agent'], via: 'rest' },
    ])
  })
})

describe('keys', () => {
  it('are taken as a bearer, in any case, or as an API key', async () => {
    const bearer = await gateway.ask('/api/tools', {
      as: null,
      headers: { authorization: 'bearer owner-key-0123456789abcdef' },
    })
    const apiKey = await gateway.ask('/api/tools', {
      as: null,
      headers: { 'x-api-key': 'agent-key-0123456789abcdef' },
    })

    expect([bearer.status, apiKey.status]).toEqual([200, 200])
  })

  it.each([
    ['Basic b3duZXI6a2V5', 'Bearer realm="executor", error="invalid_token"'],
    ['Bearer ', 'Bearer realm="executor", error="invalid_token"'],
    ['Bearer owner-key-0123456789abcdeF', 'Bearer realm="executor", error="invalid_token"'],
  ])('are refused as "%s"', async (authorization, challenge) => {
    const response = await gateway.ask('/api/tools', { as: null, headers: { authorization } })

    expect(response.status).toBe(401)
    expect(response.headers.get('www-authenticate')).toBe(challenge)
  })

  it('are asked for where none is shown', async () => {
    const { status, body, headers } = await gateway.json('/api/tools', { as: null })

    expect(status).toBe(401)
    expect(headers.get('www-authenticate')).toBe('Bearer realm="executor"')
    expect(body).toMatchObject({ _tag: 'UnauthenticatedError', reason: 'credentials_missing' })
  })
})
