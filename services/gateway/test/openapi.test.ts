import { ServiceError } from '@executor/contracts'
import { afterEach, describe, expect, it } from 'vitest'
import { anImport, anIntegration } from './fixtures.ts'
import { type Harness, startGateway } from './harness.ts'

let gateway: Harness
afterEach(() => gateway.close())

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
