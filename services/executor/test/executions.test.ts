import { executor } from '@executor/contracts'
import { databaseFactories } from '@executor/storage/testing'
import { describe, expect, it } from 'vitest'
import type { Store } from '../src/store.ts'
import { ann } from './fixtures.ts'
import { useWorkers } from './worker-stage.ts'

/** Goes on for a while, and calls nothing. */
const BUSY = 'await new Promise((resolve) => setTimeout(resolve, 2_000)); return 1'

describe.each(databaseFactories())('an execution on $engine', (factory) => {
  const stage = useWorkers(factory)

  it('is found by whoever asks again while it is busy with itself', async () => {
    const { bus } = await stage.start()
    const options = { principal: ann }

    const first = await bus.request(executor.execute, { code: BUSY, waitMs: 60 }, options)
    const { items } = await bus.request(executor.listRuns, {}, options)
    const again = { id: first.runId, waitMs: 20_000 }
    const last = await bus.request(executor.awaitRun, again, options)

    expect(first.status).toBe('running')
    expect(items.map(({ id }) => id)).toEqual([first.runId])
    expect(last).toMatchObject({ status: 'settled', run: 'completed' })
  })

  it('goes on with one of two answers that comes while it is put to rest', async () => {
    const options = { principal: ann }
    let beforeRest = async (_: Store) => {}
    const around = (store: Store): Store => ({
      ...store,
      async writeGroup(records) {
        if (records.some(({ run }) => run.status === 'waiting')) await beforeRest(store)
        return store.writeGroup(records)
      },
    })
    const asks = ['one', 'other']
    const { bus } = await stage.start({ asks, around })
    const statuses: (string | undefined)[] = []
    beforeRest = async (store) => {
      beforeRest = async () => {}
      const { items } = await bus.request(executor.listInteractions, { status: 'open' }, options)
      const one = items.find(({ address }) => address.endsWith('.one'))
      await bus.request(
        executor.answerInteraction,
        { id: one?.id ?? '', action: 'accept' },
        options,
      )
      statuses.push((await store.findRun('t', one?.runId ?? ''))?.status)
    }
    const code = `const call = (tool) => tools.things.org.main[tool]({}).then(({ ok }) => [tool, ok])
      return await Promise.race([call('one'), call('other')])`

    const asked = await bus.request(executor.execute, { code, waitMs: 10_000 }, options)
    const idsAsked = async () => {
      const { items } = await bus.request(executor.listInteractions, {}, options)
      return items.map(({ id }) => id)
    }
    await expect.poll(idsAsked).toHaveLength(2)
    const known = await idsAsked()
    const done = await bus.request(
      executor.awaitRun,
      { id: asked.runId, known, waitMs: 20_000 },
      options,
    )

    expect(statuses).toEqual(['running'])
    expect(done).toMatchObject({ status: 'settled', result: { ok: true, value: ['one', true] } })
    expect(stage.upstream.calls).toEqual(['one'])
    const { interactions, attempt } = await bus.request(
      executor.getRun,
      { id: asked.runId },
      options,
    )
    expect(interactions.map(({ status }) => status).sort()).toEqual(['accepted', 'cancelled'])
    expect(attempt).toBe(2)
  })
})
