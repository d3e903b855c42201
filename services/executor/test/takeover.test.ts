import { executor, isServiceError } from '@executor/contracts'
import { databaseFactories } from '@executor/storage/testing'
import { describe, expect, it } from 'vitest'
import { newExecution } from '../src/runs/new-run.ts'
import type { JournalRecord } from '../src/store/rows.ts'
import { openStore, type Store } from '../src/store.ts'
import { ann, standing } from './fixtures.ts'
import { useWorkers } from './worker-stage.ts'

const OTHER = 'worker_other'

describe.each(databaseFactories())('a worker among others on $engine', (factory) => {
  const stage = useWorkers(factory)

  it('is known to them before it answers its first request', async () => {
    const answers: string[] = []
    await stage.start({
      around: (store, bus) => ({
        ...store,
        async beat(holder) {
          const asked = bus.request(executor.listRuns, {}, { principal: ann })
          answers.push(await asked.then(() => 'answered', codeOf))
          return store.beat(holder)
        },
      }),
    })

    expect(answers[0]).toBe('unavailable')
  })

  it('lets its records be written before it is forgotten', async () => {
    const told: string[] = []
    const worker = await stage.start({
      around: (store) => ({
        ...store,
        async writeGroup(records) {
          told.push(...records.map(({ run }) => run.status))
          return store.writeGroup(records)
        },
        async forgetHolder(holder) {
          told.push('forgotten')
          return store.forgetHolder(holder)
        },
      }),
    })
    const address = 'tools.things.org.main.read'
    await worker.bus.request(executor.invoke, { address, arguments: {} }, { principal: ann })
    await stage.stop()

    expect(told.slice(-2)).toEqual(['completed', 'forgotten'])
  })

  it.runIf(factory.engine === 'postgresql')(
    'takes up at once what one held that is gone, and leaves one that is only silent',
    async () => {
      const run = newExecution('return 7', { principal: ann, status: 'running', holder: OTHER })
      const store = await openStore(stage.databaseUrl)
      await store.beat(OTHER)
      await store.writeGroup([{ run, steps: new Map(), interactions: new Map() }])
      await store.close()
      const forgotten: string[] = []
      let own = ''
      const worker = await stage.start({
        around: (inner) => ({
          ...inner,
          async beat(holder) {
            own = holder
            await inner.beat(holder)
          },
          listSilent: async () => (forgotten.length > 0 ? [own] : [own, OTHER]),
          async forgetHolder(holder) {
            forgotten.push(holder)
            await inner.forgetHolder(holder)
          },
        }),
      })

      const awaited = { id: run.id, waitMs: 20_000, known: [] }
      const outcome = await standing(
        worker.bus.request(executor.awaitRun, awaited, { principal: ann }),
      )

      expect(outcome).toMatchObject({ status: 'settled', result: { ok: true, value: 7 } })
      expect(forgotten).toEqual([OTHER])
    },
  )

  it.each([
    { what: 'an answer', result: '{"ok":true,"data":"theirs"}', status: 'completed' as const },
    { what: 'a cancellation', result: null, status: 'cancelled' as const },
  ])('tells $what of whoever took its call up meanwhile', async ({ result, status }) => {
    const worker = await stage.start({
      writes: ['write'],
      around: (store) => ({
        ...store,
        async writeGroup(records) {
          if (records[0]?.run.status === 'completed')
            await takeUp(store, records[0], result, status)
          return store.writeGroup(records)
        },
      }),
    })
    const address = 'tools.things.org.main.write'
    const call = worker.bus.request(executor.invoke, { address, arguments: {} }, { principal: ann })

    expect(await call.then(({ json }) => json, codeOf)).toBe(result ?? 'failed_precondition')
    expect(stage.upstream.calls).toEqual(['write'])
  })
})

/** What another worker does, who believes that the holder of this run is gone. */
async function takeUp(
  store: Store,
  { run }: JournalRecord,
  result: string | null,
  status: 'completed' | 'cancelled',
): Promise<void> {
  if (status === 'cancelled') {
    await store.cancelRun(run.id, Date.now(), '{}')
    return
  }
  await store.forgetHolder(run.holder ?? '')
  const taken = await store.claimRun(run.id, OTHER)
  if (!taken) return
  const settled = { ...taken, status, result, isError: false, settledAt: Date.now() }
  await store.writeGroup([{ run: settled, steps: new Map(), interactions: new Map() }])
}

function codeOf(error: unknown): string {
  return isServiceError(error) ? error.code : String(error)
}
