import { ServiceError } from '@executor/contracts'
import { afterEach, describe, expect, it } from 'vitest'
import { aConnection, anImport, anIntegration, aRule, aRun, aTool } from './fixtures.ts'
import { type Harness, startGateway } from './harness.ts'

let gateway: Harness
afterEach(() => gateway.close())

describe('integrations', () => {
  it('have their authentication methods in the words of clients', async () => {
    const authMethods = [
      { slug: 'none', kind: 'none', placements: [], origin: 'detected' },
      {
        slug: 'apikey-0',
        label: 'Key',
        kind: 'apikey',
        origin: 'detected',
        placements: [{ carrier: 'cookie', name: 'sid' }],
      },
      {
        slug: 'basic',
        kind: 'apikey',
        origin: 'custom',
        placements: [
          {
            carrier: 'header',
            name: 'Authorization',
            basic: { username: 'user', password: 'password' },
          },
        ],
      },
      {
        slug: 'oauth-a',
        kind: 'oauth2',
        origin: 'detected',
        placements: [],
        oauth: { tokenUrl: 'https://a.example/token', scopes: ['read'] },
      },
    ] as const
    gateway = await startGateway({
      catalog: {
        getIntegration: () =>
          anIntegration({
            authMethods: authMethods.map((method) => structuredClone(method)) as never,
          }),
      },
    })

    const { body } = await gateway.json('/api/integrations/petstore')

    expect(body).toMatchObject({
      slug: 'petstore',
      authMethods: [
        { id: 'none', label: 'No authentication', kind: 'none', template: 'none' },
        {
          id: 'apikey-0',
          label: 'Key',
          kind: 'apikey',
          placements: [{ carrier: 'header', name: 'Cookie', prefix: 'sid=' }],
        },
        {
          label: 'Authorization',
          kind: 'apikey',
          placements: [
            { carrier: 'header', name: 'Authorization', prefix: 'Basic ', variable: 'user' },
            { carrier: 'header', name: 'Authorization', prefix: 'Basic ', variable: 'password' },
          ],
        },
        {
          label: 'OAuth',
          kind: 'oauth',
          oauth: { tokenUrl: 'https://a.example/token', scopes: ['read'] },
        },
      ],
    })
  })

  it('are listed whole, across pages', async () => {
    const pages = [
      { items: [anIntegration({ slug: 'a' })], nextCursor: 'n' },
      { items: [anIntegration({ slug: 'b' })] },
    ]
    const asked: unknown[] = []
    gateway = await startGateway({
      catalog: {
        listIntegrations: (input) => {
          asked.push(input)
          return pages.shift() ?? { items: [] }
        },
      },
    })

    const { body } = await gateway.json('/api/integrations')

    expect(body).toMatchObject([{ slug: 'a' }, { slug: 'b' }])
    expect(asked).toEqual([{ limit: 1000 }, { limit: 1000, cursor: 'n' }])
  })

  it.each([
    ['not_found', 'integration_unknown', 404, 'IntegrationNotFoundError'],
    ['failed_precondition', 'integration_fixed', 409, 'IntegrationRemovalNotAllowedError'],
  ] as const)('fail with %s %s as %i %s', async (code, reason, status, tag) => {
    gateway = await startGateway({
      catalog: {
        removeIntegration: () => {
          throw new ServiceError(code, reason, 'Why.')
        },
      },
    })

    const answer = await gateway.json('/api/integrations/petstore', { method: 'DELETE' })

    expect(answer).toMatchObject({
      status,
      body: { _tag: tag, slug: 'petstore', message: 'Why.' },
    })
  })

  it('answer null for a health check that nobody chose', async () => {
    gateway = await startGateway({ catalog: { getHealthCheck: () => null } })

    const { body } = await gateway.json('/api/integrations/petstore/health-check')

    expect(body).toBeNull()
  })

  it('list candidates for a health check with what clients rank them by', async () => {
    gateway = await startGateway({
      catalog: {
        listHealthCheckCandidates: () => [
          { operation: 'users.me', description: 'Me', requiredArgs: ['a'] },
        ],
      },
    })

    const { body } = await gateway.json('/api/integrations/petstore/health-check/candidates')

    expect(body).toEqual([
      {
        operation: 'users.me',
        method: 'get',
        requiredArgCount: 1,
        destructive: false,
        summary: 'Me',
        requiredArgs: ['a'],
      },
    ])
  })
})

describe('connections', () => {
  const fresh = { owner: 'org', name: 'Main', integration: 'petstore', template: 'apikey-0' }

  it('are created from what clients send, null labels included', async () => {
    const asked: unknown[] = []
    gateway = await startGateway({
      connections: {
        createConnection: (input) => {
          asked.push(input)
          return aConnection()
        },
      },
    })

    const { body } = await gateway.json('/api/connections', {
      body: { ...fresh, value: 'secret', identityLabel: null },
    })

    expect(asked).toEqual([{ ...fresh, value: 'secret' }])
    expect(body).toEqual({ ...aConnection(), missingOAuthScopes: [] })
  })

  it.each([
    [
      'not_found',
      'integration_unknown',
      404,
      { _tag: 'IntegrationNotFoundError', slug: 'petstore' },
    ],
    [
      'failed_precondition',
      'credential_provider_unknown',
      409,
      { _tag: 'CredentialProviderNotRegisteredError', provider: 'vault' },
    ],
    [
      'invalid_argument',
      'connection_input_invalid',
      400,
      { _tag: 'InvalidConnectionInputError', message: 'Why.' },
    ],
    ['permission_denied', 'org_write_denied', 403, { _tag: 'OrgWriteDeniedError' }],
  ] as const)('cannot be created: %s %s', async (code, reason, status, expected) => {
    gateway = await startGateway({
      connections: {
        createConnection: () => {
          throw new ServiceError(code, reason, 'Why.')
        },
      },
    })

    const answer = await gateway.json('/api/connections', {
      body: { ...fresh, from: { provider: 'vault', id: 'x' } },
    })

    expect(answer).toMatchObject({ status, body: expected })
  })

  it('that do not exist are named by clients’ fields', async () => {
    gateway = await startGateway({
      connections: {
        getConnection: () => {
          throw new ServiceError('not_found', 'connection_unknown', 'None.')
        },
      },
    })

    const answer = await gateway.json('/api/connections/user/petstore/my%20key')

    expect(answer).toMatchObject({
      status: 404,
      body: {
        _tag: 'ConnectionNotFoundError',
        owner: 'user',
        integration: 'petstore',
        name: 'my key',
      },
    })
  })

  it('are refreshed to the list of their tools', async () => {
    const refreshed: unknown[] = []
    gateway = await startGateway({
      connections: { getConnection: () => aConnection() },
      catalog: {
        refreshConnection: (input) => {
          refreshed.push(input)
          return anImport()
        },
        listTools: () => ({ bytes: Buffer.from(JSON.stringify({ items: [aTool('a')] })) }),
      },
    })

    const { status, body } = await gateway.json('/api/connections/org/petstore/main/refresh', {
      method: 'POST',
    })

    expect(status).toBe(200)
    expect(body).toEqual([aTool('a')])
    expect(refreshed).toEqual([{ owner: 'org', integration: 'petstore', connection: 'main' }])
  })

  it('are checked, unless they were a moment ago', async () => {
    const asked: unknown[] = []
    gateway = await startGateway({
      connections: {
        checkConnection: (input) => {
          asked.push(input)
          return { status: 'healthy', checkedAt: 1 }
        },
      },
    })

    const { body } = await gateway.json(
      '/api/connections/org/petstore/main/health?ifStaleMs=60000',
      { method: 'POST' },
    )

    expect(body).toEqual({ status: 'healthy', checkedAt: 1 })
    expect(asked).toEqual([
      { owner: 'org', integration: 'petstore', name: 'main', ifStaleMs: 60_000 },
    ])
  })
})

describe('providers', () => {
  it('are listed by key', async () => {
    gateway = await startGateway({
      connections: { listProviders: () => [{ key: 'encrypted', writable: true }] },
    })

    const { body } = await gateway.json('/api/providers')

    expect(body).toEqual(['encrypted'])
  })
})

describe('policies', () => {
  it('say why a pattern is wrong', async () => {
    gateway = await startGateway({
      policy: {
        createRule: () => {
          throw new ServiceError('invalid_argument', 'pattern_invalid', 'No leading "*".')
        },
      },
    })

    const answer = await gateway.json('/api/policies', {
      body: { owner: 'org', pattern: '*.a', action: 'block' },
    })

    expect(answer).toMatchObject({
      status: 400,
      body: { _tag: 'InvalidRequestError', reason: 'pattern_invalid', message: 'No leading "*".' },
    })
  })

  it.each([
    ['?owner=user', undefined],
    ['', { owner: 'user' }],
  ])('are removed with their owner in the query "%s" or the body %j', async (query, body) => {
    const asked: unknown[] = []
    gateway = await startGateway({
      policy: {
        removeRule: (input) => {
          asked.push(input)
          return { removed: true }
        },
      },
    })

    await gateway.json(`/api/policies/pol_1${query}`, { method: 'DELETE', body })

    expect(asked).toEqual([{ id: 'pol_1', owner: 'user' }])
  })

  it('explain a tool that a rule hides, by its own default', async () => {
    const asked: unknown[] = []
    gateway = await startGateway({
      catalog: {
        listTools: ({ includeBlocked }) => ({
          bytes: Buffer.from(
            JSON.stringify({
              items: includeBlocked
                ? [aTool('deletePets'), aTool('deletePet', { requiresApproval: true })]
                : [],
            }),
          ),
        }),
      },
      policy: {
        explain: (input) => {
          asked.push(input)
          return {
            action: 'block',
            source: 'user',
            rule: aRule(),
            path: 'petstore.org.main.deletePet',
            matches: [aRule()],
            defaultAction: 'require_approval',
            reason: 'A rule of the organization blocks it.',
          }
        },
      },
    })

    const address = 'petstore.org.main.deletePet'
    const { status, body } = await gateway.json(`/api/policies/explain?address=${address}`)

    expect(status).toBe(200)
    expect(body).toMatchObject({ action: 'block', rule: { id: 'pol_1' } })
    expect(asked).toEqual([{ address, requiresApproval: true }])
  })

  it('explain no tool that does not exist', async () => {
    gateway = await startGateway({
      catalog: { listTools: () => ({ bytes: Buffer.from('{"items":[]}') }) },
    })

    const answer = await gateway.json('/api/policies/explain?address=petstore.org.main.x')

    expect(answer).toMatchObject({ status: 404, body: { _tag: 'ToolNotFoundError' } })
  })
})

describe('openapi', () => {
  const key = {
    slug: 'apikey-0',
    kind: 'apikey',
    origin: 'detected',
    placements: [{ carrier: 'header', name: 'X-Key' }],
  } as const

  it('previews with the lists that forms are filled from', async () => {
    gateway = await startGateway({
      catalog: {
        previewSource: () => ({
          title: 'Pets',
          operationCount: 2,
          tagCounts: { pet: 2 },
          servers: [{ url: 'https://pets.example' }],
          authMethods: [{ ...key, placements: [...key.placements] }],
          warnings: [],
        }),
      },
    })

    const { body } = await gateway.json('/api/openapi/preview', { body: { spec: '{}' } })

    expect(body).toMatchObject({
      title: 'Pets',
      operationCount: 2,
      tags: ['pet'],
      servers: [{ url: 'https://pets.example' }],
      headerPresets: [{ label: 'X-Key', headers: { 'X-Key': null }, secretHeaders: ['X-Key'] }],
      oauth2Presets: [],
      healthCheckCandidates: [],
    })
  })

  it('adds a document, with the health check that came along', async () => {
    const asked: unknown[] = []
    gateway = await startGateway({
      catalog: {
        addIntegration: (input) => {
          asked.push(input)
          return anImport()
        },
        setHealthCheck: (input) => {
          asked.push(input)
          return { ok: true }
        },
      },
    })
    const spec = { kind: 'url', url: 'https://pets.example/openapi.json' }

    const { status, body } = await gateway.json('/api/openapi/specs', {
      body: { spec, slug: 'petstore', healthCheck: { operation: 'me' } },
    })

    expect(status).toBe(200)
    expect(body).toMatchObject({ slug: 'petstore', toolCount: 3 })
    expect(asked).toEqual([
      { kind: 'openapi', input: { spec, slug: 'petstore' } },
      { slug: 'petstore', spec: { operation: 'me' } },
    ])
  })

  it.each([
    ['invalid_argument', 'document_unreadable', 400, 'OpenApiParseError'],
    ['invalid_argument', 'extraction_failed', 400, 'OpenApiExtractionError'],
    ['already_exists', 'integration_exists', 409, 'IntegrationAlreadyExistsError'],
  ] as const)('refuses a document with %s %s as %i %s', async (code, reason, status, tag) => {
    gateway = await startGateway({
      catalog: {
        addIntegration: () => {
          throw new ServiceError(code, reason, 'Line 3 is not YAML.')
        },
      },
    })

    const answer = await gateway.json('/api/openapi/specs', {
      body: { spec: { kind: 'blob', value: '{' }, slug: 'petstore' },
    })

    expect(answer).toMatchObject({
      status,
      body: { _tag: tag, message: 'Line 3 is not YAML.' },
    })
  })

  it('answers null for integrations that do not exist, or are of another kind', async () => {
    gateway = await startGateway({
      catalog: {
        getIntegration: ({ slug }) => {
          if (slug === 'linear') return anIntegration({ kind: 'graphql' })
          throw new ServiceError('not_found', 'integration_unknown', 'None.')
        },
      },
    })

    const unknown = await gateway.json('/api/openapi/integrations/nothing')
    const foreign = await gateway.json('/api/openapi/integrations/linear')

    expect([unknown.body, foreign.body]).toEqual([null, null])
    expect([unknown.status, foreign.status]).toEqual([200, 200])
  })

  it('shows settings in the form in which they are sent back', async () => {
    gateway = await startGateway({
      catalog: {
        getIntegration: ({ slug }) => anIntegration({ slug }),
        getIntegrationSettings: () => ({
          slug: 'petstore',
          kind: 'openapi',
          revision: 'r',
          authMethods: [
            { slug: 'none', kind: 'none', placements: [], origin: 'detected' },
            { ...key, placements: [...key.placements] },
          ],
          config: { specUrl: 'https://pets.example/openapi.json', methodsChosen: true },
        }),
      },
    })

    const { body } = await gateway.json('/api/openapi/integrations/petstore/config')

    expect(body).toEqual({
      specUrl: 'https://pets.example/openapi.json',
      servers: [],
      headers: {},
      queryParams: {},
      authenticationTemplate: [
        {
          slug: 'apikey-0',
          kind: 'apikey',
          placements: [{ carrier: 'header', name: 'X-Key', prefix: '' }],
        },
      ],
    })
  })

  it('says what changed when a document is read again', async () => {
    const asked: unknown[] = []
    gateway = await startGateway({
      catalog: {
        refreshIntegration: (input) => {
          asked.push(input)
          return anImport({ addedTools: ['b'], removedTools: ['c'] })
        },
      },
    })

    const { body } = await gateway.json('/api/openapi/integrations/petstore/spec', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
    })

    expect(body).toMatchObject({ addedTools: ['b'], removedTools: ['c'] })
    expect(asked).toEqual([{ slug: 'petstore', input: {}, force: true }])
  })
})

describe('executions', () => {
  it('are listed a page at a time, for they have no end', async () => {
    const asked: unknown[] = []
    gateway = await startGateway({
      executor: {
        listRuns: (input) => {
          asked.push(input)
          return { items: [aRun()], nextCursor: 'n' }
        },
      },
    })

    const { body, headers } = await gateway.json('/api/executions?status=completed')

    expect(asked).toEqual([{ status: 'completed', limit: 100 }])
    expect(body).toMatchObject([{ id: 'run_1' }])
    expect(headers.get('link')).toBe('</api/executions?status=completed&cursor=n>; rel="next"')
  })

  it('show one run, with the text that clients read', async () => {
    gateway = await startGateway({ executor: { getRun: () => aRun() } })

    const { body } = await gateway.json('/api/executions/run_1')

    expect(body).toMatchObject({
      id: 'run_1',
      result: { ok: true, data: 1 },
      text: expect.stringContaining('executionId: run_1'),
      structured: { status: 'completed', executionId: 'run_1' },
    })
  })

  it('that do not exist are named by their id', async () => {
    gateway = await startGateway({
      executor: {
        getRun: () => {
          throw new ServiceError('not_found', 'run_unknown', 'None.')
        },
      },
    })

    const answer = await gateway.json('/api/executions/run_9')

    expect(answer).toMatchObject({
      status: 404,
      body: { _tag: 'ExecutionNotFoundError', executionId: 'run_9' },
    })
  })
})
