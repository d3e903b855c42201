import { ServiceError } from '@executor/contracts'
import { afterEach, describe, expect, it } from 'vitest'
import { aRun } from './fixtures.ts'
import { type Harness, startGateway } from './harness.ts'

let gateway: Harness
afterEach(() => gateway.close())

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
