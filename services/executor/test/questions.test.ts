import type { Bus } from '@executor/bus'
import {
  executor,
  type Interaction,
  type JsonObject,
  type Principal,
  type RunOutcome,
  type WaitingInvocation,
} from '@executor/contracts'
import { databaseFactories } from '@executor/storage/testing'
import { describe, expect, it } from 'vitest'
import type { Question } from '../src/protocols/protocol.ts'
import { openStore } from '../src/store.ts'
import type { Script } from './asking-upstream.ts'
import { ann, annsAgent, standing, type WorkerOptions } from './fixtures.ts'
import { useWorkers } from './worker-stage.ts'

const colour: Question = {
  kind: 'form',
  message: 'Which colour?',
  requestedSchema: {
    type: 'object',
    properties: { colour: { type: 'string', enum: ['red', 'blue'] } },
    required: ['colour'],
  },
}
const page: Question = { kind: 'url', message: 'Sign in', url: 'https://upstream.test/in' }
const completion: Question = { kind: 'sampling', request: { messages: [], maxTokens: 10 } }
const sampled = { role: 'assistant', model: 'm', content: { type: 'text', text: 'hi' } }
const RED = { colour: 'red' }

const script: Script = {
  look: [colour],
  change: [colour],
  twice: [colour, colour],
  open: [page],
  complete: [completion],
  nag: Array.from({ length: 21 }, (_, at) => ({ ...page, url: `https://upstream.test/${at}` })),
  trap: [
    { ...page, url: 'javascript:alert(1)' },
    { ...colour, requestedSchema: { type: 'object', properties: { deep: { type: 'object' } } } },
  ],
}
const address = (tool: string) => `things.org.main.${tool}`

describe.each(databaseFactories())('questions in the middle of a call on $engine', (factory) => {
  const stage = useWorkers(factory, script)
  const start = async (options: Partial<WorkerOptions> = {}): Promise<Bus> =>
    (await stage.start({ writes: ['change'], ...options })).bus

  it('holds an invocation until a person fills in what fits, once', async () => {
    const bus = await start()

    const { runId, interaction } = await invokeWaiting(bus, 'look')

    expect(interaction).toMatchObject({ kind: 'form', message: 'Which colour?', status: 'open' })
    expect(await statusesOf(bus)).toEqual({ waiting: [runId], running: [] })
    await expect(answer(bus, interaction, { colour: 'green' })).rejects.toMatchObject({
      code: 'invalid_argument',
      reason: 'content_invalid',
    })
    await answer(bus, interaction, RED)
    expect(await resultOf(bus, runId)).toEqual({
      ok: true,
      data: [{ action: 'accept', content: RED }],
    })
    expect(await answer(bus, interaction, RED)).toMatchObject({
      status: 'accepted',
      answeredBy: 'ann',
    })
    await expect(decline(bus, interaction)).rejects.toMatchObject({
      reason: 'interaction_answered',
    })
    expect(stage.upstream.calls).toEqual(['look'])
  })

  it('holds an execution, whose clock stands still, and goes on from question to question', async () => {
    const bus = await start()
    const code = `return (await tools.${address('twice')}({})).data`

    const first = await execute(bus, code)
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    await answer(bus, first.interactions[0], RED)
    const second = await awaitNews(bus, first.runId, [first.interactions[0].id])
    await decline(bus, waiting(second).interactions[0])

    expect(await resultOf(bus, first.runId)).toMatchObject({
      value: [{ action: 'accept', content: RED }, { action: 'decline' }],
    })
    const run = await bus.request(executor.getRun, { id: first.runId }, { principal: ann })
    const wholeMs = (run.settledAt ?? 0) - (run.startedAt ?? 0)
    expect(wholeMs - run.activeMs).toBeGreaterThan(1_400)
    expect(run.attempt).toBe(1)
  })

  it('tells the upstream when nobody answered in time', async () => {
    const bus = await start({ interactionTtlMs: 100 })

    const { runId, interaction } = await invokeWaiting(bus, 'look')

    expect(await resultOf(bus, runId)).toMatchObject({ data: [{ action: 'cancel' }] })
    const asked = await bus.request(
      executor.getInteraction,
      { id: interaction.id },
      { principal: ann },
    )
    expect(asked.status).toBe('expired')
  })

  it('drops the question and the upstream’s request when the run is cancelled', async () => {
    const bus = await start()
    const { runId, interaction } = await invokeWaiting(bus, 'change')

    await bus.request(executor.cancelRun, { id: runId }, { principal: ann })

    await expect(answer(bus, interaction, RED)).rejects.toMatchObject({
      reason: 'interaction_answered',
    })
    await expect.poll(() => stage.upstream.dropped).toBe(1)
    const run = await bus.request(executor.getRun, { id: runId }, { principal: ann })
    expect(run.status).toBe('cancelled')
  })

  it('asks nobody twice when a call that only reads is sent again', async () => {
    const bus = await start()
    const { runId, interaction } = await invokeWaiting(bus, 'look')
    await answer(bus, interaction, RED).catch(() => {})
    await resultOf(bus, runId)
    const { runId: id, interactions } = await execute(
      bus,
      `return await tools.${address('twice')}({})`,
    )
    await answer(bus, interactions[0], RED)
    const next = waiting(await awaitNews(bus, id, [interactions[0].id])).interactions[0]

    const survivor = await restartElsewhere()
    await answer(survivor, next, { colour: 'blue' })

    expect(await resultOf(survivor, id)).toMatchObject({
      value: { data: [{ content: RED }, { content: { colour: 'blue' } }] },
    })
    const { items } = await survivor.request(
      executor.listInteractions,
      { runId: id },
      { principal: ann },
    )
    expect(items).toHaveLength(2)
    expect(stage.upstream.calls).toEqual(['look', 'twice', 'twice'])
  })

  it('hands a call that only reads on when its process ends, with its question', async () => {
    const bus = await start()
    const { runId, interaction } = await invokeWaiting(bus, 'look')

    await stage.stop()
    const survivor = await start()
    await answer(survivor, interaction, RED)

    expect(await resultOf(survivor, runId)).toMatchObject({ data: [{ content: RED }] })
  })

  it('cancels the question of a call that may change something when its process ends', async () => {
    const bus = await start()
    const { runId } = await invokeWaiting(bus, 'change')

    await stage.stop()
    const survivor = await start()

    expect(await resultOf(survivor, runId)).toMatchObject({
      ok: true,
      data: [{ action: 'cancel' }],
    })
    expect(stage.upstream.calls).toEqual(['change'])
  })

  it('never sends again what may have changed something', async () => {
    const bus = await start()
    const { runId, interaction } = await invokeWaiting(bus, 'change')

    const survivor = await restartElsewhere()

    expect(await resultOf(survivor, runId)).toMatchObject({ error: { code: 'outcome_unknown' } })
    await expect(answer(survivor, interaction, RED)).rejects.toMatchObject({
      reason: 'interaction_answered',
    })
    expect(stage.upstream.calls).toEqual(['change'])
  })

  it('bounds what an upstream may ask, and shows nobody what cannot be shown', async () => {
    const bus = await start()

    const trapped = await invoke(bus, 'trap')
    const { runId } = await invokeWaiting(bus, 'nag')
    await answerAll(bus, runId)

    expect(trapped).toMatchObject({
      data: [
        { action: 'decline', reason: 'Only a page on the web can be opened.' },
        {
          action: 'decline',
          reason: 'The form\'s field "deep" is of a kind that no form can show.',
        },
      ],
    })
    const result = (await resultOf(bus, runId)) as { data: JsonObject[] }
    expect(result.data.filter(({ action }) => action === 'accept')).toHaveLength(20)
    expect(result.data[20]).toMatchObject({ reason: 'One call may ask at most 20 times.' })
  })

  it('asks a model only where a client has one, and lets only that client answer', async () => {
    const bus = await start()

    const refused = await invoke(bus, 'complete')
    const { runId, interaction } = await invokeWaiting(bus, 'complete', annsAgent)

    expect(refused).toMatchObject({
      data: [
        { action: 'decline', reason: 'No client with a model of its own is there to be asked.' },
      ],
    })
    await expect(answer(bus, interaction, sampled)).rejects.toMatchObject({ reason: 'model_only' })
    await expect(answer(bus, interaction, RED, annsAgent)).rejects.toMatchObject({
      reason: 'content_invalid',
    })
    await answer(bus, interaction, sampled, annsAgent)
    expect(await resultOf(bus, runId)).toMatchObject({ data: [{ content: sampled }] })
  })

  it('lets no agent answer for a person', async () => {
    const bus = await start()

    const { interaction } = await invokeWaiting(bus, 'open', annsAgent)

    await expect(answer(bus, interaction, {}, annsAgent)).rejects.toMatchObject({
      reason: 'agent_not_allowed',
    })
    await expect(
      bus.request(
        executor.answerInteraction,
        { id: interaction.id, action: 'accept', grant: 5 },
        { principal: ann },
      ),
    ).rejects.toMatchObject({ reason: 'grant_not_applicable' })
  })

  /** Another process takes the store over; the first one still lives, and may do nothing any more. */
  async function restartElsewhere(): Promise<Bus> {
    // What time tells others after a crash: nobody hears of the first one any more.
    const store = await openStore(stage.databaseUrl)
    await store.forgetAllHolders()
    await store.close()
    return start()
  }
})

async function invoke(bus: Bus, tool: string, principal: Principal = ann): Promise<unknown> {
  const input = { address: address(tool), canSample: principal.via === 'mcp' }
  const { json } = await bus.request(executor.invoke, input, { principal })
  return JSON.parse(json)
}

async function invokeWaiting(bus: Bus, tool: string, principal?: Principal) {
  const answered = (await invoke(bus, tool, principal)) as WaitingInvocation
  expect(answered.status).toBe('waiting')
  return answered
}

async function execute(bus: Bus, code: string) {
  const outcome = await standing(
    bus.request(executor.execute, { code, waitMs: 10_000 }, { principal: ann }),
  )
  return waiting(outcome)
}

function waiting(outcome: RunOutcome) {
  if (outcome.status !== 'waiting') throw new TypeError(`the run is ${JSON.stringify(outcome)}`)
  return outcome as typeof outcome & { interactions: [Interaction] }
}

function awaitNews(bus: Bus, id: string, known: string[] = []): Promise<RunOutcome> {
  return standing(bus.request(executor.awaitRun, { id, known, waitMs: 20_000 }, { principal: ann }))
}

async function resultOf(bus: Bus, id: string): Promise<unknown> {
  const { items } = await bus.request(executor.listInteractions, { runId: id }, { principal: ann })
  const outcome = await awaitNews(
    bus,
    id,
    items.map((item) => item.id),
  )
  if (outcome.status !== 'settled') throw new TypeError(`the run is ${outcome.status}`)
  return outcome.result
}

function answer(
  bus: Bus,
  { id, digest }: Interaction,
  content: JsonObject,
  principal: Principal = ann,
): Promise<Interaction> {
  const input = { id, digest, action: 'accept' as const, content }
  return bus.request(executor.answerInteraction, input, { principal })
}

function decline(bus: Bus, { id }: Interaction): Promise<Interaction> {
  return bus.request(executor.answerInteraction, { id, action: 'decline' }, { principal: ann })
}

async function answerAll(bus: Bus, id: string): Promise<void> {
  const known: string[] = []
  for (;;) {
    const outcome = await awaitNews(bus, id, known)
    if (outcome.status !== 'waiting') return
    for (const interaction of outcome.interactions) {
      if (!known.includes(interaction.id)) await answer(bus, interaction, {})
      known.push(interaction.id)
    }
  }
}

async function statusesOf(bus: Bus) {
  const list = async (status: 'waiting' | 'running') => {
    const { items } = await bus.request(executor.listRuns, { status }, { principal: ann })
    return items.filter((run) => run.status === status).map(({ id }) => id)
  }
  return { waiting: await list('waiting'), running: await list('running') }
}
