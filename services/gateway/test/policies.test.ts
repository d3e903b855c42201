import { ServiceError } from '@executor/contracts'
import { afterEach, describe, expect, it } from 'vitest'
import { aRule, aTool } from './fixtures.ts'
import { type Harness, startGateway } from './harness.ts'

let gateway: Harness
afterEach(() => gateway.close())

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
