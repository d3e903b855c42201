import { executor } from '@executor/contracts'
import { databaseFactories } from '@executor/storage/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type AskingUpstream, startAskingUpstream } from './asking-upstream.ts'
import { ann, startWorker, type Worker } from './fixtures.ts'

/** Goes on for a while, and calls nothing. */
const BUSY = 'await new Promise((resolve) => setTimeout(resolve, 2_000)); return 1'

describe.each(databaseFactories())('an execution on $engine', ({ create }) => {
  let upstream: AskingUpstream
  let worker: Worker
  let drop: () => Promise<void>
  beforeEach(async () => {
    const database = await create()
    drop = database.drop
    upstream = await startAskingUpstream({})
    worker = await startWorker({ databaseUrl: database.url, protocol: upstream.protocol })
  })
  afterEach(async () => {
    await worker.close()
    await upstream[Symbol.asyncDispose]()
    await drop()
  })

  it('is found by whoever asks again while it is busy with itself', async () => {
    const { bus } = worker
    const options = { principal: ann }

    const first = await bus.request(executor.execute, { code: BUSY, waitMs: 60 }, options)
    const { items } = await bus.request(executor.listRuns, {}, options)
    const again = { id: first.runId, waitMs: 20_000 }
    const last = await bus.request(executor.awaitRun, again, options)

    expect(first.status).toBe('running')
    expect(items.map(({ id }) => id)).toEqual([first.runId])
    expect(last).toMatchObject({ status: 'settled', run: 'completed' })
  })
})
