import { beforeAll, describe, expect, it } from 'vitest'
import { asAgent, GUARDED, type Target } from '../harness/attack.ts'
import { attacks } from '../harness/attacks.ts'
import { forms } from '../harness/forms.ts'
import { useStage } from '../harness/stage.ts'
import {
  addLedger,
  answer,
  asked,
  openInteractions,
  settled,
  start,
  succeed,
} from '../harness/steps.ts'
import { eventually } from '../harness/waiting.ts'

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

  it('has changed nothing for the person, who still answers', async () => {
    const { form, upstream } = stage

    await answer(form, target.question, 'accept')

    expect(await settled(form, target.runId)).toMatchObject({ result: { value: true } })
    expect(upstream.writes('guarded')).toHaveLength(1)
  })
})
