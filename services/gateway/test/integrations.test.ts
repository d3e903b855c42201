import { ServiceError } from '@executor/contracts'
import { afterEach, describe, expect, it } from 'vitest'
import { anIntegration } from './fixtures.ts'
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
