import { openDatabase } from '@executor/storage'
import { databaseFactories } from '@executor/storage/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { migrations } from '../prisma/client/migrations.ts'
import { PrismaClient as Postgres } from '../prisma/client/postgresql/client.ts'
import { PrismaClient as Sqlite } from '../prisma/client/sqlite/client.ts'
import { newExecution, newInvocation } from './runs/new-run.ts'
import type { InteractionRow, JournalRecord, RunRow, StepRow } from './store/rows.ts'
import { openStore, type Store } from './store.ts'

const principal = { tenant: 't', subject: 'ann', roles: ['owner' as const], via: 'rest' as const }

function aRun(given: Partial<RunRow> = {}): RunRow {
  const run = newExecution('return 1', { principal, status: 'running', holder: 'one' })
  return { ...run, ...given }
}

function aStep(given: Partial<StepRow> = {}): StepRow {
  return {
    position: 0,
    address: 'a.org.b.c',
    digest: 'd',
    arguments: '{}',
    status: 'intended',
    readOnly: false,
    decision: 'approve by default',
    result: null,
    ok: null,
    httpStatus: null,
    settleOrder: null,
    startedAt: 1,
    settledAt: null,
    ...given,
  }
}

function anInteraction(run: RunRow, given: Partial<InteractionRow> = {}): InteractionRow {
  return {
    id: `int_${run.id}`,
    tenant: run.tenant,
    subject: run.subject,
    runId: run.id,
    position: 0,
    kind: 'approval',
    message: 'Approve?',
    address: 'a.org.b.c',
    arguments: '{}',
    digest: 'd',
    requestedSchema: null,
    url: null,
    request: null,
    status: 'open',
    content: null,
    createdAt: 1,
    expiresAt: null,
    answeredAt: null,
    answeredBy: null,
    answeredRoles: null,
    answeredVia: null,
    ...given,
  }
}

function record(run: RunRow, steps: StepRow[] = [], asked: InteractionRow[] = []): JournalRecord {
  return {
    run,
    steps: new Map(steps.map((step) => [step.position, step])),
    interactions: new Map(asked.map((one) => [one.id, one])),
  }
}

async function countParts(url: string): Promise<number> {
  const clients = { sqlite: Sqlite, postgresql: Postgres }
  const database = await openDatabase<Sqlite>({ url, migrations, clients })
  const count = await database.client.part.count()
  await database.close()
  return count
}

const answer = {
  status: 'accepted' as const,
  content: null,
  answeredAt: 2,
  answeredBy: 'ann',
  answeredRoles: '["owner"]',
  answeredVia: 'console' as const,
}

describe.each(databaseFactories())('the store on $engine', ({ create }) => {
  let store: Store
  let url: string
  let drop: () => Promise<void>
  beforeEach(async () => {
    const database = await create()
    url = database.url
    drop = database.drop
    store = await openStore(database.url)
  })
  afterEach(async () => {
    await store.close()
    await drop()
  })

  it('gives back what a group wrote', async () => {
    const run = aRun({ result: '{"ok":true}', title: 'nul \0 and half \ud800 a pair' })
    const call = newInvocation(
      { address: 'a.org.b.c', args: { text: 'ü \0' } },
      { principal, status: 'running', holder: 'one' },
    )

    const written = await store.writeGroup([record(run, [aStep()]), record(call)])

    expect(written).toEqual(new Set([run.id, call.id]))
    expect(await store.findRun('t', run.id)).toMatchObject({
      principal,
      status: 'running',
      result: '{"ok":true}',
      title: 'nul \ufffd and half \ufffd a pair',
      createdAt: run.createdAt,
      readOnly: false,
    })
    expect(await store.findRun('t', call.id)).toMatchObject({ arguments: call.arguments })
    expect(await store.listSteps(run.id)).toMatchObject([aStep()])
  })

  it('shows steps by the length of what they were given, and whole where it is a failure', async () => {
    const run = aRun()
    const result = '{"ok":true,"data":"ü"}'
    const failed = '{"ok":false,"error":{"code":"c"}}'
    const steps = [
      aStep({ ok: true, result }),
      aStep({ position: 1, ok: false, result: failed }),
      aStep({ position: 2 }),
    ]
    await store.writeGroup([record(run, steps)])

    const shown = await store.listShownSteps(run.id)

    expect(shown.map(({ resultBytes, failure }) => [resultBytes, failure])).toEqual([
      [23, null],
      [failed.length, failed],
      [null, null],
    ])
    expect(shown[0]).not.toHaveProperty('result')
  })

  it('keeps the latest state of a step', async () => {
    const run = aRun()
    await store.writeGroup([record(run, [aStep()])])

    const settled = aStep({
      status: 'settled',
      ok: true,
      result: '{}',
      settleOrder: 0,
      settledAt: 5,
    })
    await store.writeGroup([record(run, [settled])])

    expect(await store.findStep(run.id, 0)).toMatchObject(settled)
  })

  it('writes nothing of a worker that lost its run', async () => {
    const run = aRun()
    await store.writeGroup([record(run)])
    await store.claimRun(run.id, 'two')

    const written = await store.writeGroup([record({ ...run, isError: true }, [aStep()])])

    expect(written).toEqual(new Set())
    expect(await store.findRun('t', run.id)).toMatchObject({ holder: 'two', isError: false })
    expect(await store.listSteps(run.id)).toEqual([])
  })

  it('gives a run to one worker, and to the next when its heartbeat stops', async () => {
    const run = aRun({ status: 'queued', holder: null, attempt: 0 })
    await store.writeGroup([record(run)])
    await store.beat('one')

    const claims = await Promise.all([store.claimRun(run.id, 'one'), store.claimRun(run.id, 'two')])
    const holder = claims.find((claim) => claim !== null)?.holder ?? ''
    await store.beat(holder)
    const refused = await store.claimRun(run.id, 'three')
    await store.forgetHolder(holder)
    const taken = await store.claimRun(run.id, 'three')

    expect(claims.filter((claim) => claim !== null)).toHaveLength(1)
    expect(refused).toBeNull()
    expect(taken).toMatchObject({ holder: 'three', attempt: 2 })
  })

  it('counts one answer', async () => {
    const run = aRun({ status: 'waiting' })
    await store.writeGroup([record(run, [], [anInteraction(run)])])

    const counted = await Promise.all([
      store.answerInteraction(`int_${run.id}`, answer),
      store.answerInteraction(`int_${run.id}`, { ...answer, status: 'declined' }),
    ])

    expect(counted.filter(Boolean)).toHaveLength(1)
  })

  it('wakes the run at rest with the answer, and no other', async () => {
    const [waiting, running] = [aRun({ status: 'waiting' }), aRun()]
    const asked = (run: RunRow) => record(run, [], [anInteraction(run)])
    await store.writeGroup([asked(waiting), asked(running)])

    const woken = await store.answerInteraction(`int_${waiting.id}`, answer)
    const other = await store.answerInteraction(`int_${running.id}`, answer)

    expect([woken, other]).toEqual([{ isWoken: true }, { isWoken: false }])
    expect(await store.findRun('t', waiting.id)).toMatchObject({ status: 'queued', holder: null })
    expect(await store.findRun('t', running.id)).toMatchObject({ status: 'running' })
  })

  it('finds and wakes runs that were put to rest without an answer that had come', async () => {
    const atRest = () => aRun({ status: 'waiting' })
    const [late, half, asking, told] = [atRest(), atRest(), atRest(), atRest()]
    const two = (run: RunRow) => [
      anInteraction(run, { status: 'declined' }),
      anInteraction(run, { id: `int_2_${run.id}`, position: 1 }),
    ]
    const waiting = (position: number) => aStep({ position, status: 'waiting' })
    await store.writeGroup([
      record(late, [waiting(0)], [anInteraction(late, { status: 'accepted' })]),
      record(half, [waiting(0), waiting(1)], two(half)),
      record(asking, [waiting(0)], [anInteraction(asking)]),
      record(told, [aStep({ status: 'settled' }), waiting(1)], two(told)),
    ])

    const ids = (await store.listAnswered()).map(({ id }) => id)

    expect(ids.sort()).toEqual([late.id, half.id].sort())
    expect(await store.wakeAnswered(half.id)).toBe(true)
    expect(await store.wakeAnswered(half.id)).toBe(false)
    expect(await store.wakeAnswered(told.id)).toBe(false)
    expect(await store.findRun('t', half.id)).toMatchObject({ status: 'queued', holder: null })
  })

  it('wakes a run once, and not one that runs', async () => {
    const waiting = aRun({ status: 'waiting' })
    const running = aRun()
    await store.writeGroup([record(waiting), record(running)])

    const woken = await Promise.all([store.wakeRun(waiting.id), store.wakeRun(waiting.id)])

    expect(woken.filter(Boolean)).toHaveLength(1)
    expect(await store.wakeRun(running.id)).toBe(false)
    expect(await store.findRun('t', waiting.id)).toMatchObject({ status: 'queued', holder: null })
  })

  it('spends a grant as often as it was given', async () => {
    const run = aRun()
    await store.writeGroup([record(run, [], [anInteraction(run)])])
    await store.answerInteraction(`int_${run.id}`, answer, 2)
    const { address } = anInteraction(run)

    const taken = await Promise.all([1, 2, 3].map(() => store.takeGrant(run.id, address)))

    const given = { roles: answer.answeredRoles }
    expect(taken).toHaveLength(3)
    expect(taken.filter(Boolean)).toEqual([given, given])
    expect(await store.takeGrant(run.id, 'a.org.b.other')).toBeNull()
  })

  it('counts a grant for what waits already', async () => {
    const run = aRun({ status: 'waiting' })
    const asked = [0, 1, 2].map((position) =>
      anInteraction(run, { id: `int_${position}`, position }),
    )
    const other = anInteraction(run, { id: 'int_other', position: 3, address: 'a.org.b.other' })
    await store.writeGroup([record(run, [], [...asked, other])])

    await store.answerInteraction('int_0', answer, 1)

    const rows = await store.listInteractions('t', { runId: run.id, limit: 10 })
    const statuses = Object.fromEntries(rows.map(({ id, status }) => [id, status]))
    expect(statuses).toEqual({
      ...{ int_0: 'accepted', int_1: 'accepted', int_2: 'open', int_other: 'open' },
    })
    expect(await store.takeGrant(run.id, other.address)).toBeNull()
    expect(await store.takeGrant(run.id, asked[0]?.address ?? '')).toBeNull()
  })

  it('takes no answer after its time', async () => {
    const run = aRun({ status: 'waiting' })
    await store.writeGroup([record(run, [], [anInteraction(run, { expiresAt: 5 })])])

    const late = await store.answerInteraction(`int_${run.id}`, { ...answer, answeredAt: 5 })
    const nobody = { answeredBy: null, answeredRoles: null, answeredVia: null }
    const expired = { ...answer, ...nobody, status: 'expired' as const, answeredAt: 5 }

    expect(late).toBeNull()
    expect(await store.answerInteraction(`int_${run.id}`, expired)).toEqual({ isWoken: true })
  })

  it('lets the holder of a cancelled run tell how far it came, and nothing else', async () => {
    const run = aRun()
    await store.writeGroup([record(run)])
    await store.cancelRun(run.id, 5, '{"ok":false}')

    const late = await store.writeGroup([record({ ...run, status: 'completed', result: '1' })])
    const known = await store.findRun('t', run.id)
    const told = { ...run, status: 'cancelled' as const, result: '{"logs":["a"]}', settledAt: 6 }
    await store.writeGroup([record(told)])

    expect(late).toEqual(new Set())
    expect(known).toMatchObject({ status: 'cancelled', isError: true, result: '{"ok":false}' })
    expect(await store.findRun('t', run.id)).toMatchObject({ result: '{"logs":["a"]}' })
  })

  it('lists a tenant’s runs, the latest first, page by page', async () => {
    const runs = [1, 2, 3].map((createdAt) => aRun({ createdAt, tenant: 't' }))
    await store.writeGroup([...runs.map((run) => record(run)), record(aRun({ tenant: 'other' }))])

    const first = await store.listRuns('t', { limit: 2 })
    const last = first.at(-1)
    const rest = await store.listRuns('t', { limit: 2, before: last })

    expect(first.map(({ createdAt }) => createdAt)).toEqual([3, 2])
    expect(rest.map(({ createdAt }) => createdAt)).toEqual([1])
  })

  it('finds what nobody works on', async () => {
    const queued = aRun({ status: 'queued', holder: null, createdAt: 1 })
    const abandoned = aRun({ holder: 'gone' })
    const alive = aRun({ holder: 'alive' })
    await store.beat('alive')
    await store.writeGroup([record(queued), record(abandoned), record(alive)])

    const stranded = await store.listStranded(10)

    expect(stranded.map(({ id }) => id).sort()).toEqual([queued.id, abandoned.id].sort())
    expect(await store.listSilent(0)).toEqual(['alive'])
    expect(await store.listSilent(60_000)).toEqual([])
  })

  /** Longer than any row or part, and cut in the middle of a character where nobody looks. */
  const long = (name: string) => JSON.stringify({ name, text: '😀'.repeat(200_000) })

  it('keeps long texts whole, wherever they belong', async () => {
    const run = aRun({ code: `\u0001 ${long('code')}`, result: long('result') })
    const call = aRun({ kind: 'invocation', arguments: long('arguments') })
    const step = aStep({ arguments: long('of a step'), ok: true, result: long('given') })
    const failed = aStep({ position: 1, ok: false, result: long('failed') })
    const asked = anInteraction(run, { arguments: long('asked'), request: long('request') })

    await store.writeGroup([record(run, [step, failed], [asked]), record(call)])

    expect(await store.findRun('t', run.id)).toEqual(run)
    expect((await store.findRun('t', call.id))?.arguments).toBe(call.arguments)
    expect(await store.listSteps(run.id)).toMatchObject([step, failed])
    expect(await store.findStep(run.id, 0)).toMatchObject(step)
    expect(await store.findInteraction('t', asked.id)).toEqual(asked)
    expect(await store.listInteractions('t', { limit: 9 })).toEqual([asked])
    const bytes = [step, failed].map(({ result }) => Buffer.byteLength(result ?? ''))
    expect(await store.listShownSteps(run.id)).toMatchObject([
      { arguments: step.arguments, resultBytes: bytes[0], failure: null },
      { resultBytes: bytes[1], failure: failed.result },
    ])
  })

  it('stores code that looks like the name of parts as the code it is', async () => {
    const other = aRun({ result: long('of somebody else') })
    await store.writeGroup([record(other)])
    const code = ['\u0001', '\u0001a 1 9', '\u0001\u0001']
    const runs = code.map((text) => aRun({ code: text }))

    await store.writeGroup(runs.map((run) => record(run)))

    const found = await Promise.all(runs.map(({ id }) => store.findRun('t', id)))
    expect(found.map((run) => run?.code)).toEqual(code)
  })

  it('hands a run with long texts on, and goes on writing it', async () => {
    const run = aRun({ status: 'queued', holder: null, attempt: 0, code: long('code') })
    await store.writeGroup([record(run)])

    const claimed = await store.claimRun(run.id, 'two')
    expect(claimed?.code).toBe(run.code)
    const settled = { ...aRun(), ...claimed, status: 'completed' as const, result: long('result') }
    await store.writeGroup([record(settled)])

    expect(await store.findRun('t', run.id)).toEqual(settled)
  })

  it('counts no long text of a worker that lost its run, or has not written the run yet', async () => {
    const run = aRun()
    await store.writeGroup([record(run)])
    const late = { ...run, status: 'completed' as const, result: long('late') }
    await store.keepTexts(record(late))
    expect(await store.findRun('t', run.id)).toEqual(run)

    await store.claimRun(run.id, 'two')
    expect(await store.writeGroup([record(late)])).toEqual(new Set())

    expect(await store.findRun('t', run.id)).toMatchObject({ status: 'running', result: null })
  })

  it('removes the long texts of runs that are gone, and of runs that never came to be', async () => {
    const [old, kept, lost] = [1, 100, null].map((settledAt) =>
      aRun({ status: 'completed', settledAt, result: long('result') }),
    ) as [RunRow, RunRow, RunRow]
    await store.writeGroup([record(old), record(kept)])
    await store.keepTexts(record(lost))
    await store.removeSettledBefore(50, 10)

    await store.removeLooseTexts(Date.now() - 60_000)
    expect(await countParts(url)).toBe(12)
    await store.removeLooseTexts(Date.now() + 60_000)

    expect(await countParts(url)).toBe(4)
    expect(await store.findRun('t', kept.id)).toEqual(kept)
  })

  it('removes settled runs with all that belongs to them', async () => {
    const old = aRun({ status: 'completed', settledAt: 1 })
    const recent = aRun({ status: 'completed', settledAt: 100 })
    await store.writeGroup([record(old, [aStep()], [anInteraction(old)]), record(recent)])

    const removed = await store.removeSettledBefore(50, 10)

    expect(removed).toBe(1)
    expect(await store.findRun('t', old.id)).toBeNull()
    expect(await store.listSteps(old.id)).toEqual([])
    expect(await store.findRun('t', recent.id)).not.toBeNull()
  })
})
