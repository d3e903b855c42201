import { once } from 'node:events'
import { ServiceError } from '@executor/contracts'
import { afterEach, describe, expect, it } from 'vitest'
import { aDescription, anInteraction, aTool } from './fixtures.ts'
import { type Harness, OWNER, startGateway } from './harness.ts'

let gateway: Harness
afterEach(() => gateway.close())

const ALL = Array.from({ length: 2500 }, (_, i) => aTool(`tool${String(i).padStart(4, '0')}`))

function pagesOf(page: { limit?: number | undefined; cursor?: string | undefined }) {
  const { limit = ALL.length, cursor } = page
  const start = cursor === undefined ? 0 : Number(cursor)
  const items = ALL.slice(start, start + limit)
  const next = start + limit < ALL.length ? `,"nextCursor":"${start + limit}"` : ''
  return { bytes: Buffer.from(`{"items":${JSON.stringify(items)}${next}}`) }
}

describe('GET /api/tools', () => {
  it('answers the whole list as an array, however many pages it has', async () => {
    gateway = await startGateway({ catalog: { listTools: pagesOf } })

    const { status, body, headers } = await gateway.json('/api/tools')

    expect(status).toBe(200)
    expect(body).toEqual(ALL)
    expect(headers.get('x-next-cursor')).toBeNull()
  })

  it('lets others have their turn between two pages', async () => {
    const turns: string[] = []
    const listTools = (page: Parameters<typeof pagesOf>[0]) => {
      turns.push('page')
      setImmediate(() => turns.push('others'))
      return pagesOf(page)
    }
    gateway = await startGateway({ catalog: { listTools } })

    await gateway.json('/api/tools')

    expect(turns).toEqual(['page', 'others', 'page', 'others'])
  })

  it('names the next page where a limit was given', async () => {
    gateway = await startGateway({ catalog: { listTools: pagesOf } })

    const first = await gateway.json('/api/tools?limit=2&owner=org')
    const link = /<(.*)>; rel="next"/.exec(first.headers.get('link') ?? '')?.[1] ?? ''
    const second = await gateway.json(link)

    expect(first.body).toEqual(ALL.slice(0, 2))
    expect(first.headers.get('x-next-cursor')).toBe('2')
    expect(link).toBe('/api/tools?limit=2&owner=org&cursor=2')
    expect(second.body).toEqual(ALL.slice(2, 4))
  })

  it('passes filters on, and flags as clients write them', async () => {
    const asked: unknown[] = []
    gateway = await startGateway({
      catalog: {
        listTools: (input) => {
          asked.push(input)
          return { bytes: Buffer.from('{"items":[]}') }
        },
      },
    })

    await gateway.json(
      '/api/tools?integration=petstore&includeAnnotations=false&includeBlocked=true',
    )

    expect(asked).toEqual([
      { integration: 'petstore', includeAnnotations: false, includeBlocked: true, limit: 2000 },
    ])
  })

  it('says which parameter is wrong', async () => {
    gateway = await startGateway()

    const { status, body } = await gateway.json('/api/tools?limit=0&owner=me')

    expect(status).toBe(400)
    expect(body).toMatchObject({
      _tag: 'InvalidRequestError',
      details: {
        issues: [
          { path: 'query.owner', message: 'Invalid option: expected one of "org"|"user"' },
          { path: 'query.limit', message: 'Too small: expected number to be >=1' },
        ],
      },
    })
  })
})

describe('GET /api/tools/schema', () => {
  it('answers what the catalog wrote', async () => {
    gateway = await startGateway({
      catalog: { describeTool: () => ({ json: JSON.stringify(aDescription()) }) },
    })

    const { body } = await gateway.json('/api/tools/schema?address=petstore.org.main.x')

    expect(body).toEqual(aDescription())
  })

  it('names an unknown tool as clients expect, with suggestions', async () => {
    gateway = await startGateway({
      catalog: {
        describeTool: () => {
          throw new ServiceError('not_found', 'tool_unknown', 'No such tool.', {
            details: { suggestions: ['petstore.org.main.y'] },
          })
        },
      },
    })

    const { status, body } = await gateway.json('/api/tools/schema?address=petstore.org.main.x')

    expect(status).toBe(404)
    expect(body).toMatchObject({
      _tag: 'ToolNotFoundError',
      address: 'petstore.org.main.x',
      suggestions: ['petstore.org.main.y'],
      message: 'No such tool.',
    })
  })
})

describe('POST /api/tools/invoke', () => {
  it('answers the result envelope as the executor wrote it', async () => {
    const envelope = '{"ok":true,"data":{"id":1},"http":{"status":200,"headers":{}}}'
    gateway = await startGateway({ executor: { invoke: () => ({ json: envelope }) } })

    const response = await gateway.ask('/api/tools/invoke', {
      body: { address: 'petstore.org.main.getPet', arguments: { id: 1 } },
    })

    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8')
    expect(await response.text()).toBe(envelope)
  })

  it("answers 200 for a tool's own failure, and 202 for a call that waits for a person", async () => {
    const interaction = anInteraction({ status: 'open' })
    const answers = [
      '{"ok":false,"error":{"code":"x","message":"y"}}',
      JSON.stringify({ status: 'waiting', runId: 'run_1', interaction }),
    ]
    gateway = await startGateway({
      executor: { invoke: () => ({ json: answers.shift() ?? '' }) },
    })
    const body = { address: 'petstore.org.main.getPet' }

    const failed = await gateway.json('/api/tools/invoke', { body })
    const waiting = await gateway.json('/api/tools/invoke', { body })

    expect(failed).toMatchObject({ status: 200, body: { ok: false } })
    expect(waiting).toMatchObject({
      status: 202,
      body: {
        status: 'waiting',
        runId: 'run_1',
        executionId: 'run_1.int_1',
        approvalUrl: `${gateway.origin}/resume/run_1.int_1`,
      },
    })
  })

  it.each([
    [{}, 'body.address: Invalid input: expected string, received undefined'],
    [{ address: 1 }, 'body.address: Invalid input: expected string, received number'],
    [{ address: '' }, 'body.address: Too small: expected string to have >=1 characters'],
    [
      { address: 'a', arguments: [] },
      'body.arguments: Invalid input: expected record, received array',
    ],
    [[], 'body: Invalid input: expected object, received array'],
  ])('refuses %j, saying why', async (body, message) => {
    gateway = await startGateway()

    const answer = await gateway.json('/api/tools/invoke', { body })

    expect(answer).toMatchObject({ status: 400, body: { _tag: 'InvalidRequestError', message } })
  })

  it('stops the call when the client goes away', async () => {
    const controller = new AbortController()
    const { promise: stopped, resolve } = Promise.withResolvers<void>()
    gateway = await startGateway({
      executor: {
        invoke: async (_input, { signal }) => {
          controller.abort()
          await once(signal, 'abort')
          resolve()
          return { json: '{}' }
        },
      },
    })

    const asked = fetch(`${gateway.origin}/api/tools/invoke`, {
      method: 'POST',
      signal: controller.signal,
      headers: { authorization: `Bearer ${OWNER}`, 'content-type': 'application/json' },
      body: '{"address":"a"}',
    })

    await expect(asked).rejects.toThrow()
    await stopped
  })
})
