import { ServiceError } from '@executor/contracts'
import { afterEach, describe, expect, it } from 'vitest'
import { aConnection, anImport, aTool } from './fixtures.ts'
import { type Harness, startGateway } from './harness.ts'

let gateway: Harness
afterEach(() => gateway.close())

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
