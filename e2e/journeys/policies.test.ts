import { beforeAll, describe, expect, it } from 'vitest'
import { forms } from '../harness/forms.ts'
import { useStage } from '../harness/stage.ts'
import { addLedger, addRule, answer, invoke, settled, succeed } from '../harness/steps.ts'
import { eventually } from '../harness/waiting.ts'

const READ = 'tools.ledger.org.main.items.readItem'
const WRITE = 'tools.ledger.org.main.writes.write'

describe.each(forms)('policies on the $name form', ({ open }) => {
  const stage = useStage(open)
  beforeAll(() => addLedger(stage.form, stage.upstream, 'ledger'))

  it('gates a write that nobody said anything about, and sends it when a person accepts', async () => {
    const { form, upstream } = stage
    const args = { body: { label: 'gated' } }

    const gated = await invoke(form, WRITE, args, { token: form.agentToken })
    const { runId, executionId, approvalUrl, interaction } = gated.body as Gated
    const sentBefore = upstream.writes('gated')
    const accepted = await answer(form, interaction, 'accept')
    const run = await settled(form, runId)

    expect(gated).toMatchObject({
      status: 202,
      body: { status: 'waiting', interaction: { address: 'ledger.org.main.writes.write' } },
    })
    expect(interaction.arguments).toEqual(args)
    expect(approvalUrl).toBe(`${form.origin}/resume/${executionId}`)
    expect(executionId).toBe(`${runId}.${interaction.id}`)
    expect(sentBefore).toEqual([])
    expect(accepted).toMatchObject({
      status: 200,
      body: { status: 'accepted', answeredVia: 'rest' },
    })
    expect(run).toMatchObject({ status: 'completed', isError: false })
    expect(upstream.writes('gated')).toHaveLength(1)
  })

  it('never sends what a person declines', async () => {
    const { form, upstream } = stage
    const gated = await invoke(form, WRITE, { body: { label: 'declined' } })
    const { runId, interaction } = gated.body as Gated

    await answer(form, interaction, 'decline')

    expect(await settled(form, runId)).toMatchObject({
      isError: true,
      result: { ok: false, error: { code: 'approval_declined' } },
    })
    expect(upstream.writes('declined')).toEqual([])
  })

  it('hides what is blocked, refuses to call it, and sends nothing', async () => {
    const { form, upstream } = stage
    await addRule(form, 'ledger.org.main.slow.*', 'block')
    const address = 'tools.ledger.org.main.slow.readSlowly'

    const listed = await form.api('GET', '/api/tools?integration=ledger')
    const found = await form.api('GET', '/api/tools/search?query=read%20what%20takes%20seconds')
    const described = await form.api('GET', `/api/tools/schema?address=${address}`)
    const called = await invoke(form, address)

    expect(listed.text).not.toContain('readSlowly')
    expect(found.text).not.toContain('readSlowly')
    expect(described.status).toBe(404)
    expect(called.body).toMatchObject({ ok: false, error: { code: 'tool_blocked' } })
    expect(upstream.sentTo('/slow')).toEqual([])
  })

  it('lets the strictest of the organization and the person win, and explains it', async () => {
    const { form } = stage
    const address = 'tools.ledger.org.main.big.readMuch'
    await addRule(form, 'ledger.org.main.big.*', 'block')
    await succeed(form, 'POST', '/api/policies', {
      owner: 'user',
      pattern: 'ledger.org.main.big.readMuch',
      action: 'approve',
    })

    const explained = await form.api('GET', `/api/policies/explain?address=${address}`)
    const called = await invoke(form, address, { chars: 1 })

    expect(explained.body).toMatchObject({
      action: 'block',
      source: 'user',
      rule: { owner: 'org', pattern: 'ledger.org.main.big.*' },
      matches: [{ owner: 'org' }, { owner: 'user' }],
      defaultAction: 'approve',
      reason: expect.stringContaining('ledger.org.main.big.*'),
    })
    expect(called.body).toMatchObject({ ok: false, error: { code: 'tool_blocked' } })
  })

  it('puts a rule in force for the very next call, and takes it out of force as soon', async () => {
    const { form } = stage
    const seen: unknown[] = []
    for (let turn = 0; turn < 10; turn++) {
      const rule = { owner: 'org', pattern: 'ledger.org.main.items.*', action: 'block' }
      const { id } = (await succeed(form, 'POST', '/api/policies', rule)).body as { id: string }
      seen.push((await invoke(form, READ, { id: '1' })).body)
      await succeed(form, 'DELETE', `/api/policies/${id}?owner=org`)
      seen.push((await invoke(form, READ, { id: '1' })).body)
    }

    expect(seen.map((body) => (body as { ok: boolean }).ok)).toEqual(
      Array.from({ length: 10 }, () => [false, true]).flat(),
    )
  })

  it('lets no call through that begins after a block was answered, however many are under way', async () => {
    const { form } = stage
    const made: { startedAt: number; isOk: boolean }[] = []
    let isOver = false
    const keepCalling = async () => {
      while (!isOver) {
        const startedAt = performance.now()
        const { body } = await invoke(form, READ, { id: '1' })
        made.push({ startedAt, isOk: (body as { ok: boolean }).ok })
      }
    }
    const calling = Array.from({ length: 8 }, keepCalling)

    for (let turn = 0; turn < 5; turn++) {
      await eventually('calls go through', () => made.at(-1)?.isOk === true)
      const rule = { owner: 'org', pattern: 'ledger.org.main.items.*', action: 'block' }
      const { id } = (await succeed(form, 'POST', '/api/policies', rule)).body as { id: string }
      const blockedAt = performance.now()
      await eventually('calls are refused', () => made.at(-1)?.isOk === false)
      const liftedAt = performance.now()
      await succeed(form, 'DELETE', `/api/policies/${id}?owner=org`)
      const between = made.filter(({ startedAt: at }) => at >= blockedAt && at < liftedAt)
      expect(between.filter(({ isOk }) => isOk)).toEqual([])
    }
    isOver = true
    await Promise.all(calling)
  })

  it('says what is wrong with a pattern', async () => {
    const rule = { owner: 'org', pattern: 'ledger.*x.y', action: 'block' }

    const refused = await stage.form.api('POST', '/api/policies', rule)

    expect(refused.status).toBe(400)
    expect(refused.body).toMatchObject({ message: expect.stringContaining('*') })
  })
})

interface Gated {
  runId: string
  executionId: string
  approvalUrl: string
  interaction: { id: string; digest: string; arguments: unknown }
}
