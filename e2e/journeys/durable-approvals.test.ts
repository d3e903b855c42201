import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Reply } from '../harness/form.ts'
import { forms } from '../harness/forms.ts'
import { useStage } from '../harness/stage.ts'
import {
  addLedger,
  answer,
  asked,
  execute,
  invoke,
  openInteractions,
  readRun,
  settled,
  start,
  succeed,
} from '../harness/steps.ts'
import { eventually, inParallel } from '../harness/waiting.ts'

const PAUSED_RUNS = 1_000
const MIB = 1024 * 1024
const writing = (label: string) =>
  `const r = await tools.ledger.org.main.writes.write({ body: { label: '${label}' } })
   return r.ok ? 'written' : r.error.code`

interface Paused {
  executionId: string
}

describe.each(forms)('approvals on the $name form', ({ open }) => {
  const stage = useStage(open)
  beforeAll(() => addLedger(stage.form, stage.upstream, 'ledger'))

  it('outlive a restart: paused before it, approved after it, finished by another worker', async () => {
    const { form, upstream } = stage
    const gated = await invoke(form, 'ledger.org.main.writes.write', { body: { label: 'call' } })
    const call = (gated.body as { runId: string }).runId
    const code = await start(form, writing('code'))
    await asked(form, code)

    await form.restart('SIGTERM')
    for (const id of [call, code]) await answer(form, await asked(form, id), 'accept')

    expect(await settled(form, call)).toMatchObject({ result: { ok: true } })
    const run = await settled(form, code)
    expect(run).toMatchObject({ status: 'completed', result: { value: 'written' } })
    expect(run.attempt).toBeGreaterThan(1)
    expect(upstream.writes('call')).toHaveLength(1)
    expect(upstream.writes('code')).toHaveLength(1)
  })

  it('are given once: of two people who answer at the same moment one wins, the other is told', async () => {
    const { form, upstream } = stage
    for (let turn = 0; turn < 5; turn++) {
      const label = `two-${turn}`
      const id = await start(form, writing(label))
      const question = await asked(form, id)

      const replies = await Promise.all([
        answer(form, question, 'accept'),
        answer(form, question, 'decline'),
      ])

      const [won, lost] = replies.toSorted((a, b) => a.status - b.status)
      expect(won).toMatchObject({ status: 200 })
      expect(lost).toMatchObject({ status: 409, body: { reason: 'interaction_answered' } })
      const isAccepted = won === replies[0]
      const value = isAccepted ? 'written' : 'approval_declined'
      expect(await settled(form, id)).toMatchObject({ result: { value } })
      expect(upstream.writes(label)).toHaveLength(isAccepted ? 1 : 0)
    }
  })

  it('answer again as they were answered, whoever repeats them', async () => {
    const { form, upstream } = stage
    const id = await start(form, writing('again'))
    const question = await asked(form, id)
    await answer(form, question, 'accept')
    await settled(form, id)

    const repeated = await answer(form, question, 'accept')

    expect(repeated).toMatchObject({ status: 200, body: { status: 'accepted' } })
    expect(upstream.writes('again')).toHaveLength(1)
  })

  it('count for what was shown, and for nothing else', async () => {
    const { form, upstream } = stage
    const id = await start(form, writing('shown'))
    const question = await asked(form, id)

    const other = await answer(form, { ...question, digest: 'f'.repeat(64) }, 'accept')

    expect(other).toMatchObject({ status: 409, body: { reason: 'interaction_changed' } })
    expect(upstream.writes('shown')).toEqual([])
    await answer(form, question, 'cancel')
    expect(await settled(form, id)).toMatchObject({ result: { value: 'approval_cancelled' } })
  })

  it('cover the rest of a run as often as was said, and ask again then', async () => {
    const { form, upstream } = stage
    const code = `const results = []
      for (const n of [1, 2, 3, 4]) results.push(await tools.ledger.org.main.writes.write({ body: { label: 'grant-' + n } }))
      return results.map(({ ok }) => ok)`
    const id = await start(form, code)
    const first = await asked(form, id)
    const answered = { action: 'accept', digest: first.digest, grant: 2 }
    await succeed(form, 'POST', `/api/interactions/${first.id}/answer`, answered)

    const second = await eventually('the fourth write asks', async () =>
      (await openInteractions(form, id)).find((one) => one.id !== first.id),
    )
    await answer(form, second, 'decline')

    expect(second.arguments).toEqual({ body: { label: 'grant-4' } })
    expect(await settled(form, id)).toMatchObject({ result: { value: [true, true, true, false] } })
    expect(upstream.writes('grant-3')).toHaveLength(1)
    expect(upstream.writes('grant-4')).toEqual([])
  })

  it('come one after the other: an execution pauses, goes on, and pauses again', async () => {
    const { form } = stage
    const code = `const write = (label) => tools.ledger.org.main.writes.write({ body: { label } })
      return [(await write('one')).ok, (await write('two')).ok]`
    const first = await execute(form, code)
    const { executionId } = first.body as Paused
    const resume = ({ body }: Reply) =>
      form.api('POST', `/api/executions/${(body as Paused).executionId}/resume`, {
        action: 'accept',
      })

    const [second, sameTime] = await Promise.all([resume(first), resume(first)])
    const third = await resume(second)
    const repeated = await resume(first)

    expect(first.body).toMatchObject({
      status: 'paused',
      text: expect.stringMatching(/^Execution paused:.*^executionId: exec_/ms),
      structured: { status: 'user_approval_required', executionId },
    })
    expect(second.body).toMatchObject({
      status: 'paused',
      executionId: expect.not.stringContaining(executionId),
    })
    expect(sameTime.body).toEqual(second.body)
    expect(repeated.body).toEqual(third.body)
    expect(third.body).toMatchObject({ status: 'completed', structured: { result: [true, true] } })
  })

  it('wait in thousands without a sandbox each, and hold up nobody', async () => {
    const { form, upstream } = stage
    const before = memory()
    // Each try has labels of its own.
    const label = `wait-${randomUUID()}`
    const ids = await inParallel(PAUSED_RUNS, 16, (index) =>
      start(form, writing(`${label}-${index}`)),
    )
    await eventually(
      'every run waits',
      async () => {
        const open = await succeed(form, 'GET', '/api/executions?status=waiting&limit=1000')
        return (open.body as unknown[]).length >= PAUSED_RUNS
      },
      120_000,
    )

    const other = await execute(form, 'return 1 + 1')
    const last = ids.at(-1) ?? ''
    await answer(form, await asked(form, last), 'accept')

    expect(other.body).toMatchObject({ status: 'completed', text: '2' })
    expect(await settled(form, last)).toMatchObject({ result: { value: 'written' } })
    expect(upstream.writes(`${label}-${PAUSED_RUNS - 1}`)).toHaveLength(1)
    // A sandbox starts with 16 MiB of memory: a thousand of them would be sixteen thousand.
    expect(memory() - before).toBeLessThan(form.workers.length * 400 * MIB)
    expect(await readRun(form, ids[0] ?? '')).toMatchObject({ status: 'waiting' })
  })

  function memory(): number {
    return stage.form.workers.reduce((sum, { memoryBytes }) => sum + memoryBytes, 0)
  }
})
