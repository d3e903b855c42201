import { ERROR_CODES, ServiceError } from '@executor/contracts'
import { afterEach, describe, expect, it } from 'vitest'
import { type Harness, startGateway } from './harness.ts'

let gateway: Harness
afterEach(() => gateway.close())

function failing(thrown: unknown) {
  return {
    catalog: {
      listIntegrations: () => {
        throw thrown
      },
    },
  }
}

const STATUS = {
  invalid_argument: 400,
  unauthenticated: 401,
  permission_denied: 403,
  not_found: 404,
  already_exists: 409,
  failed_precondition: 409,
  resource_exhausted: 429,
  deadline_exceeded: 504,
  cancelled: 499,
  unavailable: 503,
  internal: 500,
} as const

describe('what a service throws', () => {
  it.each(ERROR_CODES)('%s has its status', async (code) => {
    gateway = await startGateway(failing(new ServiceError(code, 'why', 'What to do.')))

    const { status, body } = await gateway.json('/api/integrations')

    expect(status).toBe(STATUS[code])
    expect(body).toMatchObject({
      _tag: expect.stringMatching(/Error$/),
      traceId: expect.any(String),
    })
  })

  it('keeps its reason, its message and its details', async () => {
    const details = { pattern: '*.a' }
    gateway = await startGateway(
      failing(new ServiceError('invalid_argument', 'pattern_invalid', 'No.', { details })),
    )

    const { body } = await gateway.json('/api/integrations')

    expect(body).toMatchObject({
      code: 'invalid_argument',
      reason: 'pattern_invalid',
      message: 'No.',
      details,
    })
  })

  it('says when to try again what is unavailable', async () => {
    gateway = await startGateway(failing(new ServiceError('unavailable', 'down', 'Later.')))

    const { headers } = await gateway.json('/api/integrations')

    expect(headers.get('retry-after')).toBe('2')
  })

  it('withholds the message of a bug, and logs it under the trace it names', async () => {
    gateway = await startGateway(failing(new TypeError('secret internals')))

    const { status, body } = await gateway.json('/api/integrations')

    expect(status).toBe(500)
    expect(body).toMatchObject({
      _tag: 'InternalError',
      traceId: expect.stringMatching(/^\w{32}$/),
    })
    expect(JSON.stringify(body)).not.toContain('secret internals')
    expect(gateway.lines).toMatchObject([{ level: 'error', message: 'request failed' }])
    expect(gateway.lines[0]?.fields.traceId).toBe((body as { traceId: string }).traceId)
  })

  it('is logged only where it is ours', async () => {
    gateway = await startGateway(failing(new ServiceError('not_found', 'x', 'None.')))

    await gateway.json('/api/integrations')

    expect(gateway.lines).toEqual([])
  })
})

describe('a request that cannot be read', () => {
  it.each([
    ['{"owner":', 400, 'InvalidRequestError', /not valid JSON/],
    ['{"__proto__":{"a":1}}', 400, 'InvalidRequestError', /not valid JSON/],
    [JSON.stringify({ pattern: 'x'.repeat(2_000_000) }), 413, 'PayloadTooLargeError', /Send less/],
  ])('%.20s is %i %s', async (body, status, tag, message) => {
    gateway = await startGateway()

    const answer = await gateway.json('/api/policies', { body })

    expect(answer).toMatchObject({
      status,
      body: { _tag: tag, message: expect.stringMatching(message) },
    })
  })

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])(
    'is never of a type that any page may send: %s',
    async (type) => {
      gateway = await startGateway()

      const answer = await gateway.json('/api/policies', {
        body: '{"owner":"org","pattern":"*","action":"approve"}',
        headers: { 'content-type': type },
      })

      expect(answer).toMatchObject({
        status: 415,
        body: { _tag: 'UnsupportedMediaTypeError', message: expect.stringContaining('JSON') },
      })
    },
  )

  it('takes a large document where documents are taken', async () => {
    gateway = await startGateway({
      catalog: {
        previewSource: (_, { attachment }) => ({
          operationCount: attachment?.byteLength ?? 0,
          tagCounts: {},
          servers: [],
          authMethods: [],
          warnings: [],
        }),
      },
    })

    const { status, body } = await gateway.json('/api/openapi/preview', {
      body: { spec: 'x'.repeat(12_000_000) },
    })

    expect(status).toBe(200)
    // As it came, in its quotation marks.
    expect(body).toMatchObject({ operationCount: 12_000_002 })
  })

  it('asks for nothing that is there', async () => {
    gateway = await startGateway()

    const unknown = await gateway.json('/api/nothing')
    const discovery = await gateway.json('/.well-known/oauth-protected-resource', {
      headers: { accept: 'text/html' },
    })
    const malformed = await gateway.json('/api/integrations/%zz')

    expect(unknown).toMatchObject({ status: 404, body: { _tag: 'NotFoundError' } })
    expect(discovery).toMatchObject({ status: 404, body: { _tag: 'NotFoundError' } })
    expect(malformed).toMatchObject({ status: 400, body: { _tag: 'InvalidRequestError' } })
  })
})
