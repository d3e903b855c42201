import { beforeAll, describe, expect, it } from 'vitest'
import { asAgent, GUARDED, type Target } from '../harness/attack.ts'
import { attacks } from '../harness/attacks.ts'
import type { Reply } from '../harness/form.ts'
import { forms } from '../harness/forms.ts'
import { callThroughMcp } from '../harness/mcp-agent.ts'
import { useStage } from '../harness/stage.ts'
import {
  addLedger,
  answer,
  asked,
  execute,
  openInteractions,
  settled,
  start,
  succeed,
} from '../harness/steps.ts'
import { eventually } from '../harness/waiting.ts'

/** Asks for what looks harmless first. */
const harmlessFirst = (label: string) => `const { ledger } = tools
  const write = (label) => ledger.org.main.gated.write({ body: { label } })
  return [(await write('harmless-${label}')).ok, (await write('harmful-${label}')).ok]`

interface Paused {
  executionId: string
}

describe.each(forms)('an attacker on the $name form', ({ open }) => {
  const stage = useStage(open)
  let target: Target

  beforeAll(async () => {
    const { form, upstream } = stage
    await addLedger(form, upstream, 'ledger')
    const before = await start(form, GUARDED.replace('guarded', 'earlier'), asAgent(form))
    const old = await asked(form, before)
    await answer(form, old, 'accept')
    await settled(form, before)
    const runId = await start(form, GUARDED, asAgent(form))
    target = { form, runId, question: await asked(form, runId), old }
  })

  it.each(attacks)('%s, in vain', async (_, attack) => {
    const reply = await attack(target).catch(() => 'refused')

    const { form, upstream } = stage
    if (typeof reply === 'object' && reply !== null && 'headers' in reply)
      expect((reply.headers as Headers).get('set-cookie')).toBeNull()
    const open = await openInteractions(form, target.runId)
    expect(open.map(({ id }) => id)).toEqual([target.question.id])
    expect(upstream.writes('guarded')).toEqual([])
    expect((await succeed(form, 'GET', '/api/policies')).body).toEqual([])
  })

  it('shows a person one thing, and sends no other', async () => {
    const { form, upstream } = stage
    const shifty = `let reads = 0
      const body = { toJSON: () => ({ label: reads++ === 0 ? 'harmless' : 'harmful' }), get label() { return reads++ === 0 ? 'harmless' : 'harmful' } }
      return (await tools.ledger.org.main.gated.write({ body })).ok`
    const id = await start(form, shifty, asAgent(form))
    const question = await asked(form, id)

    await answer(form, question, 'accept')
    await settled(form, id)

    const shown = (question.arguments as { body: { label: string } }).body.label
    expect(upstream.writes(shown)).toHaveLength(1)
    expect(upstream.writes(shown === 'harmless' ? 'harmful' : 'harmless')).toEqual([])
  })

  it('gets one call for one answer', async () => {
    const { form, upstream } = stage
    const twice = `const write = () => tools.ledger.org.main.gated.write({ body: { label: 'once' } })
      return (await Promise.all([write(), write(), write()])).map(({ ok }) => ok)`
    const id = await start(form, twice, asAgent(form))
    const questions = await eventually('all three ask', async () => {
      const open = await openInteractions(form, id)
      return open.length === 3 && open
    })

    const [first, ...others] = questions
    if (first) await answer(form, first, 'accept')
    for (const other of others) await answer(form, other, 'decline')
    await settled(form, id)

    expect(upstream.writes('once')).toHaveLength(1)
  })

  it('gets no second call for an answer that its client sends again', async () => {
    const { form, upstream } = stage
    const runOf = ({ executionId }: Paused) => executionId.split('.', 1)[0] ?? ''
    const resume = (id: string): Promise<Reply> =>
      form.api('POST', `/api/executions/${id}/resume`, { action: 'accept' })
    const paused = (await execute(form, harmlessFirst('rest'))).body as Paused
    const { executionId } = paused

    const [first, ...repeated] = [
      await resume(executionId),
      await resume(executionId),
      await resume(runOf(paused)),
      await form.api('POST', `/api/executions/${executionId}/resume`, {}),
    ]
    const open = await openInteractions(form, executionId)

    expect(upstream.writes('harmless-rest')).toHaveLength(1)
    expect(upstream.writes('harmful-rest')).toEqual([])
    expect(open).toMatchObject([{ arguments: { body: { label: 'harmful-rest' } } }])
    expect(first?.body).toMatchObject({
      status: 'paused',
      executionId: `${runOf(paused)}.${open[0]?.id}`,
    })
    expect(repeated.map(({ status }) => status)).toEqual([200, 200, 400])
    expect(repeated[0]?.body).toEqual(first?.body)
    expect(repeated[1]?.body).toEqual(first?.body)
  })

  it('has changed nothing for the person, who still answers', async () => {
    const { form, upstream } = stage

    await answer(form, target.question, 'accept')

    expect(await settled(form, target.runId)).toMatchObject({ result: { value: true } })
    expect(upstream.writes('guarded')).toHaveLength(1)
  })
})

describe.each(forms)('a client on the $name form, whose model answers', ({ open }) => {
  const stage = useStage(() => open({ EXECUTOR_ELICITATION_MODE: 'model' }))
  beforeAll(() => addLedger(stage.form, stage.upstream, 'ledger'))

  it('gets no second call for an answer that it sends again', async () => {
    const { form, upstream } = stage
    const code = harmlessFirst('mcp')
    const { structuredContent } = await callThroughMcp(form, 'execute', { code })
    const { executionId } = structuredContent as unknown as Paused
    const resume = (id: string) =>
      callThroughMcp(form, 'resume', { executionId: id, action: 'accept', content: '{}' })

    const first = await resume(executionId)
    const repeated = await resume(executionId)
    const plain = await resume(executionId.split('.', 1)[0] ?? '')

    expect(upstream.writes('harmless-mcp')).toHaveLength(1)
    expect(upstream.writes('harmful-mcp')).toEqual([])
    expect(first.structuredContent).toMatchObject({
      status: 'waiting_for_interaction',
      interaction: { args: { body: { label: 'harmful-mcp' } } },
    })
    expect(repeated).toEqual(first)
    expect(plain).toEqual(first)
    const { executionId: next } = first.structuredContent as unknown as Paused
    expect((await resume(next)).structuredContent).toMatchObject({ result: [true, true] })
    expect(upstream.writes('harmful-mcp')).toHaveLength(1)
  })
})
