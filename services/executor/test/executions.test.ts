import { executor } from '@executor/contracts'
import { databaseFactories } from '@executor/storage/testing'
import { describe, expect, it } from 'vitest'
import type { Store } from '../src/store.ts'
import { ann, annsAgent, standing, type Worker } from './fixtures.ts'
import { useWorkers } from './worker-stage.ts'

/** Goes on for a while, and calls nothing. */
const BUSY = 'await new Promise((resolve) => setTimeout(resolve, 2_000)); return 1'

describe.each(databaseFactories())('an execution on $engine', (factory) => {
  const stage = useWorkers(factory)

  it('is found by whoever asks again while it is busy with itself', async () => {
    const { bus } = await stage.start()
    const options = { principal: ann }

    const first = await standing(bus.request(executor.execute, { code: BUSY, waitMs: 60 }, options))
    const { items } = await bus.request(executor.listRuns, {}, options)
    const again = { id: first.runId, waitMs: 20_000 }
    const last = await standing(bus.request(executor.awaitRun, again, options))

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

    const asked = await standing(bus.request(executor.execute, { code, waitMs: 10_000 }, options))
    const idsAsked = async () => {
      const { items } = await bus.request(executor.listInteractions, {}, options)
      return items.map(({ id }) => id)
    }
    await expect.poll(idsAsked).toHaveLength(2)
    const known = await idsAsked()
    const done = await standing(
      bus.request(executor.awaitRun, { id: asked.runId, known, waitMs: 20_000 }, options),
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

  it('is shown without a result that is too deep to travel', async () => {
    const deep = `${'['.repeat(5_000)}${']'.repeat(5_000)}`
    const result = `{"ok":true,"value":${deep},"emitted":[],"logs":[]}`
    const around = (store: Store): Store => ({
      ...store,
      async findRun(...input) {
        const run = await store.findRun(...input)
        return run && { ...run, result }
      },
    })
    const { bus } = await stage.start({ around })
    const options = { principal: ann }
    const { runId: id } = await standing(
      bus.request(executor.execute, { code: '0', waitMs: 9_000 }, options),
    )

    const run = await bus.request(executor.getRun, { id }, options)
    const whole = await bus.request(executor.readResult, { id }, options)

    expect(run).toMatchObject({ result: null, resultTruncated: true, resultBytes: result.length })
    expect(whole).toEqual({ json: result })
  })

  /** Runs code until it asks, and tells what is asked. */
  async function ask(worker: Worker, code: string) {
    const asked = { code, waitMs: 10_000 }
    const { runId } = await standing(
      worker.bus.request(executor.execute, asked, { principal: ann }),
    )
    const listOpen = async () => {
      const filter = { runId, status: 'open' as const }
      const listed = await worker.bus.request(executor.listInteractions, filter, { principal: ann })
      return listed.items
    }
    const awaitEnd = (known: string[]) =>
      standing(
        worker.bus.request(
          executor.awaitRun,
          { id: runId, known, waitMs: 20_000 },
          { principal: ann },
        ),
      )
    return { runId, listOpen, awaitEnd }
  }

  it('asks in the order of its calls', async () => {
    const worker = await stage.start({ asks: ['one'] })
    const labels = [1, 2, 3, 4, 5, 6].map((n) => ({ n }))
    const run = await ask(
      worker,
      `return await Promise.all(${JSON.stringify(labels)}.map((args) => tools.things.org.main.one(args)))`,
    )
    await expect.poll(run.listOpen, { timeout: 10_000 }).toHaveLength(6)

    const outcome = await run.awaitEnd([])
    const detail = await worker.bus.request(executor.getRun, { id: run.runId }, { principal: ann })

    const asked = labels.map((args) => ({ arguments: args }))
    expect(outcome).toMatchObject({ status: 'waiting', interactions: asked })
    expect(detail).toMatchObject({ interactions: asked })
  })

  it('lets a grant count for the calls that wait already', async () => {
    const worker = await stage.start({ asks: ['one'] })
    const code = `const call = () => tools.things.org.main.one({}).then(({ ok }) => ok)
      return await Promise.all([call(), call(), call()])`
    const run = await ask(worker, code)
    await expect.poll(run.listOpen, { timeout: 10_000 }).toHaveLength(3)
    const open = await run.listOpen()

    const answer = { id: open[0]?.id ?? '', action: 'accept' as const, grant: 5 }
    await worker.bus.request(executor.answerInteraction, answer, { principal: ann })

    const known = open.map(({ id }) => id)
    expect(await run.awaitEnd(known)).toMatchObject({ result: { value: [true, true, true] } })
    expect(stage.upstream.calls).toEqual(['one', 'one', 'one'])
  })

  it('takes no answer after its time, and sends nothing', async () => {
    const worker = await stage.start({ asks: ['one'], interactionTtlMs: 30 })
    const run = await ask(worker, 'return await tools.things.org.main.one({})')
    const [open] = await run.listOpen()
    await new Promise((resolve) => setTimeout(resolve, 40))

    const answer = { id: open?.id ?? '', action: 'accept' as const }
    const late = worker.bus.request(executor.answerInteraction, answer, { principal: ann })

    await expect(late).rejects.toMatchObject({ code: 'failed_precondition' })
    const end = await run.awaitEnd([open?.id ?? ''])
    expect(end).toMatchObject({ result: { value: { error: { code: 'approval_expired' } } } })
    expect(stage.upstream.calls).toEqual([])
  })

  it('says what it did not send because the script did not wait for a person', async () => {
    const worker = await stage.start({ asks: ['one'] })
    const code = `tools.things.org.main.one({}); return 'done'`

    const run = await ask(worker, code)
    const end = await run.awaitEnd([])
    const detail = await worker.bus.request(executor.getRun, { id: run.runId }, { principal: ann })

    const logs = [expect.stringContaining('things.org.main.one')]
    expect(end).toMatchObject({ run: 'completed', result: { value: 'done', logs } })
    expect(detail).toMatchObject({
      steps: [{ status: 'settled', ok: false, error: { code: 'approval_cancelled' } }],
    })
    expect(await run.listOpen()).toEqual([])
    expect(stage.upstream.calls).toEqual([])
  })

  it('says that calls had not answered when its script was done', async () => {
    const worker = await stage.start()
    const code = `const call = async () => {
        await tools.things.org.main.read({})
        await tools.things.org.main.one({})
      }
      ;[1, 2].forEach(call)
      return 'done'`

    const run = await ask(worker, code)

    const logs = [expect.stringMatching(/^\[warn\] .* heard from things\.org\.main\.read\. /)]
    expect(await run.awaitEnd([])).toMatchObject({ result: { value: 'done', logs } })
    expect(stage.upstream.calls).not.toContain('one')
  })

  it('gives up a read that its script did not wait for', async () => {
    const worker = await stage.start()
    const code = `const late = new Promise((resolve) => setTimeout(resolve, 50, 'late'))
      return await Promise.race([tools.things.org.main.slow({}), late])`

    const run = await ask(worker, code)

    expect(await run.awaitEnd([])).toMatchObject({ result: { ok: true, value: 'late' } })
    await expect.poll(() => stage.upstream.dropped).toBe(1)
  })

  it('keeps what a cancelled script had said', async () => {
    const worker = await stage.start()
    const options = { principal: ann }
    const code = `console.log('before'); return await tools.things.org.main.slow({})`
    const execution = { code, waitMs: 100 }
    const { runId } = await standing(worker.bus.request(executor.execute, execution, options))
    await expect.poll(() => stage.upstream.calls, { timeout: 10_000 }).toEqual(['slow'])

    await worker.bus.request(executor.cancelRun, { id: runId }, options)

    const read = () => worker.bus.request(executor.getRun, { id: runId }, options)
    await expect.poll(read).toMatchObject({
      status: 'cancelled',
      result: { ok: false, error: { code: 'cancelled' }, logs: ['before'] },
    })
  })

  it('rests the longer the more often a timer takes it up for nothing', async () => {
    const rests: { naps: number; pauseMs: number }[] = []
    const around = (store: Store): Store => ({
      ...store,
      async writeGroup(records) {
        for (const { run } of records) {
          if (run.status !== 'waiting') continue
          rests.push({ naps: run.naps, pauseMs: (run.wakeAt ?? 0) - Date.now() })
        }
        return store.writeGroup(records)
      },
    })
    const worker = await stage.start({ asks: ['one'], around })
    const code = `const beat = setInterval(() => {}, 500)
      const { ok } = await tools.things.org.main.one({})
      clearInterval(beat)
      return ok`
    const run = await ask(worker, code)
    await expect.poll(() => rests.length, { timeout: 20_000 }).toBe(3)
    const [open] = await run.listOpen()

    const answer = { id: open?.id ?? '', action: 'accept' as const }
    await worker.bus.request(executor.answerInteraction, answer, { principal: ann })

    expect(await run.awaitEnd([open?.id ?? ''])).toMatchObject({ result: { value: true } })
    expect(rests.map(({ naps }) => naps)).toEqual([0, 1, 2])
    expect(rests[2]?.pauseMs).toBeGreaterThan(rests[0]?.pauseMs ?? 0)
  })

  it('takes an approval of our own tools from a person only, whoever may answer else', async () => {
    const worker = await stage.start({ asks: ['create'], elicitationMode: 'model' })
    const code = `return await tools.executor.coreTools.policies.create(
      { owner: 'org', pattern: 'a.*', action: 'approve' })`
    const run = await ask(worker, code)
    const [open] = await run.listOpen()

    const answer = { id: open?.id ?? '', action: 'accept' as const }
    const given = worker.bus.request(executor.answerInteraction, answer, { principal: annsAgent })

    await expect(given).rejects.toMatchObject({ reason: 'agent_not_allowed' })
    expect(await run.listOpen()).toHaveLength(1)
  })
})
