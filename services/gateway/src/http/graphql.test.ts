import { ServiceError } from '@executor/contracts'
import { afterEach, describe, expect, it } from 'vitest'
import { anImport, anIntegration } from '../../test/fixtures.ts'
import { type Harness, startGateway } from '../../test/harness.ts'

let gateway: Harness
afterEach(() => gateway.close())

const ENDPOINT = 'https://api.github.com/graphql'
const LINEAR = anIntegration({ slug: 'linear', name: 'Linear', kind: 'graphql' })

describe('graphql', () => {
  it('adds an endpoint, and says what it is called', async () => {
    const inputs: unknown[] = []
    gateway = await startGateway({
      catalog: {
        addIntegration: (input) => {
          inputs.push(input)
          return anImport({ slug: 'linear', warnings: ['Connect an account.'] })
        },
        getIntegration: () => LINEAR,
      },
    })
    const body = {
      endpoint: ENDPOINT,
      slug: 'linear',
      headers: { 'X-Client': 'us' },
      authenticationTemplate: [{ kind: 'oauth2', header: 'Authorization', prefix: '' }],
    }

    const answer = await gateway.json('/api/graphql/integrations', { body })

    expect(answer.status).toBe(200)
    expect(answer.body).toMatchObject({
      slug: 'linear',
      name: 'Linear',
      warnings: ['Connect an account.'],
    })
    expect(inputs).toMatchObject([
      {
        kind: 'graphql',
        input: {
          endpoint: ENDPOINT,
          authenticationTemplate: [
            {
              kind: 'oauth2',
              placements: [{ carrier: 'header', name: 'Authorization', prefix: '' }],
            },
          ],
        },
      },
    ])
  })

  it.each([
    ['invalid_argument', 'graphql_introspection_failed', 400, 'GraphqlIntrospectionError'],
    ['invalid_argument', 'graphql_extraction_failed', 400, 'GraphqlExtractionError'],
    ['already_exists', 'integration_already_exists', 409, 'IntegrationAlreadyExistsError'],
  ] as const)('calls %s (%s) what clients know', async (code, reason, status, tag) => {
    gateway = await startGateway({
      catalog: {
        addIntegration: () => {
          throw new ServiceError(code, reason, 'No.')
        },
      },
    })

    const answer = await gateway.json('/api/graphql/integrations', { body: { endpoint: ENDPOINT } })

    expect(answer).toMatchObject({ status, body: { _tag: tag } })
  })

  it('answers null for what is not there, or of another kind', async () => {
    gateway = await startGateway({
      catalog: {
        getIntegration: ({ slug }) => {
          if (slug === 'petstore') return anIntegration()
          throw new ServiceError('not_found', 'integration_unknown', 'None.')
        },
        getIntegrationSettings: ({ slug }) => {
          if (slug !== 'petstore')
            throw new ServiceError('not_found', 'integration_unknown', 'None.')
          return { slug, kind: 'openapi', revision: 'r', authMethods: [], config: {} }
        },
      },
    })
    const paths = ['nothing', 'petstore', 'nothing/config', 'petstore/config']

    const answers = await Promise.all(
      paths.map((path) => gateway.json(`/api/graphql/integrations/${path}`)),
    )

    expect(answers.map(({ status, body }) => [status, body])).toEqual(paths.map(() => [200, null]))
  })

  it('tells its settings in the words of clients', async () => {
    gateway = await startGateway({
      catalog: {
        getIntegration: () => LINEAR,
        getIntegrationSettings: () => ({
          slug: 'linear',
          kind: 'graphql',
          revision: 'r',
          authMethods: [
            { slug: 'none', kind: 'none', placements: [], origin: 'custom' },
            {
              slug: 'header',
              kind: 'apikey',
              placements: [{ carrier: 'header', name: 'X-Key' }],
              origin: 'custom',
            },
            {
              slug: 'oauth2',
              kind: 'oauth2',
              placements: [{ carrier: 'header', name: 'X-Token', prefix: '' }],
              oauth: { scopes: ['read'], tokenUrl: 'https://x.example/token' },
              origin: 'custom',
            },
          ],
          config: { endpoint: ENDPOINT, headers: { a: 'b' }, schema: 'public' },
        }),
      },
    })

    const { body } = await gateway.json('/api/graphql/integrations/linear/config')

    expect(body).toEqual({
      endpoint: ENDPOINT,
      name: 'Linear',
      headers: { a: 'b' },
      queryParams: {},
      schemaSource: 'public',
      subscriptions: [],
      authenticationTemplate: [
        { slug: 'none', kind: 'none' },
        {
          slug: 'header',
          kind: 'apikey',
          placements: [{ carrier: 'header', name: 'X-Key', prefix: '' }],
        },
        {
          slug: 'oauth2',
          kind: 'oauth2',
          header: 'X-Token',
          prefix: '',
          tokenUrl: 'https://x.example/token',
          scopes: ['read'],
        },
      ],
    })
  })

  it('configures and refreshes', async () => {
    const inputs: unknown[] = []
    gateway = await startGateway({
      catalog: {
        configureIntegration: (input) => {
          inputs.push(input)
          return LINEAR
        },
        refreshIntegration: (input) => {
          inputs.push(input)
          return anImport({ slug: 'linear' })
        },
      },
    })
    const path = '/api/graphql/integrations/linear'

    const configured = await gateway.json(`${path}/config`, {
      body: { authenticationTemplate: [{ kind: 'none', slug: 'none' }] },
    })
    const asked = await gateway.json(`${path}/refresh`, { method: 'POST' })
    const pasted = await gateway.json(`${path}/refresh`, {
      body: { introspectionJson: 'type Query { a: Int }' },
    })

    expect(configured.body).toEqual({ authenticationTemplate: [{ slug: 'none', kind: 'none' }] })
    expect([asked.status, pasted.status]).toEqual([200, 200])
    expect(inputs).toMatchObject([
      { slug: 'linear', input: { mode: 'merge' } },
      { slug: 'linear', input: {} },
      { slug: 'linear', input: { introspectionJson: 'type Query { a: Int }' } },
    ])
  })
})
