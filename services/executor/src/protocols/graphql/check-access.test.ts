import { afterAll, describe, expect, it } from 'vitest'
import { json, reply, startUpstream } from '../test/upstream.ts'
import { checkAccess } from './check-access.ts'
import { anAccess, egress } from './fixtures.ts'

afterAll(() => egress.close())

const KEY = { template: 'bearer', values: { token: 'S3cretKey!' } }
const now = () => 7

describe('checkAccess', () => {
  it.each<[string, Buffer, string, number]>([
    ['lets it in', json({ data: { __typename: 'Query' } }), 'healthy', 200],
    ['does not know it', json({ message: 'Bad credentials' }, 401), 'expired', 401],
    ['does not want it', json({ errors: [{ message: 'No' }] }, 403), 'expired', 403],
    ['refuses the question', json({ errors: [{ message: 'No' }] }), 'degraded', 200],
    ['is away', reply(502, {}, 'Bad gateway'), 'degraded', 502],
    ['is something else', reply(200, { 'content-type': 'text/html' }, '<p>'), 'degraded', 200],
  ])('tells that a closed endpoint %s', async (_name, answer, status, httpStatus) => {
    await using upstream = await startUpstream(answer)

    const found = await checkAccess(anAccess({ endpoint: upstream.origin, ...KEY }), now)

    expect(found).toMatchObject({ status, httpStatus, checkedAt: 7 })
    expect(upstream.wire.headers.authorization).toBe('Bearer S3cretKey!')
  })

  it('cannot tell where the schema is told to everybody', async () => {
    await using upstream = await startUpstream(json({ data: { __typename: 'Query' } }))
    const access = anAccess({ endpoint: upstream.origin, config: { schema: 'public' }, ...KEY })

    expect(await checkAccess(access, now)).toMatchObject({ status: 'unknown' })
    expect(upstream.wires).toEqual([])
  })

  it('sends no credential that is not whole', async () => {
    await using upstream = await startUpstream(json({}))
    const access = anAccess({ endpoint: upstream.origin, template: 'bearer' })

    expect(await checkAccess(access, now)).toMatchObject({ status: 'degraded' })
    expect(upstream.wires).toEqual([])
  })

  it('says what the network did', async () => {
    const found = await checkAccess(anAccess({ endpoint: 'http://127.0.0.1:1', ...KEY }), now)

    expect(found).toMatchObject({
      status: 'degraded',
      detail: expect.stringContaining('refused the connection'),
    })
  })

  it('is given up when nobody waits any more', async () => {
    await using upstream = await startUpstream(() => undefined)
    const signal = AbortSignal.abort()

    await expect(
      checkAccess(anAccess({ endpoint: upstream.origin, signal, ...KEY }), now),
    ).rejects.toMatchObject({ code: 'cancelled' })
  })
})
