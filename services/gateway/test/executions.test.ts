import { ServiceError } from '@executor/contracts'
import { afterEach, describe, expect, it } from 'vitest'
import { aRun } from './fixtures.ts'
import { type Harness, startGateway } from './harness.ts'

let gateway: Harness
afterEach(() => gateway.close())

describe('an address', () => {
  it.each([
    ['PUT', '/api/executions?limit=1', 'GET, HEAD, POST'],
    ['DELETE', '/api/executions/run_1', 'GET, HEAD'],
    ['GET', '/api/executions/run_1/cancel', 'POST'],
    ['POST', '/api/openapi.json', 'GET, HEAD'],
  ])('that is asked with %s %s says what it is asked with', async (method, path, allow) => {
    gateway = await startGateway()

    const { status, body, headers } = await gateway.json(path, { method })

    expect(status).toBe(405)
    expect(headers.get('allow')).toBe(allow)
    expect(body).toMatchObject({ _tag: 'MethodNotAllowedError', reason: 'method_not_allowed' })
  })

  it('with nothing at it is none for any method', async () => {
    gateway = await startGateway()

    expect(await gateway.json('/api/executions/run_1/nothing', { method: 'PUT' })).toMatchObject({
      status: 404,
      body: { _tag: 'NotFoundError' },
    })
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

  it('that are run once more say where the new one is', async () => {
    gateway = await startGateway({
      executor: { rerunRun: ({ runId = '' }) => aRun({ id: runId }) },
    })

    const { status, body, headers } = await gateway.json('/api/executions/run_1/rerun', {
      method: 'POST',
    })

    expect(status).toBe(202)
    expect(headers.get('location')).toBe(`/api/executions/${(body as { id: string }).id}`)
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
