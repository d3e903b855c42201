import { beforeAll, describe, expect, it } from 'vitest'
import { connectEarlier } from '../harness/earlier-agent.ts'
import { forms } from '../harness/forms.ts'
import { callThroughMcp, connectAgent, type Elicitation } from '../harness/mcp-agent.ts'
import { useStage } from '../harness/stage.ts'
import { addLedger, answer, openInteractions, readRun } from '../harness/steps.ts'

const eras = ['legacy', 'auto'] as const
const write = (label: string) => ({
  code: `return (await tools.ledger.org.main.writes.write({ body: { label: '${label}' } })).ok`,
})

describe.each(forms)('elicitation on the $name form, where clients answer', ({ open }) => {
  const stage = useStage(() => open({ EXECUTOR_ELICITATION_MODE: 'native' }))
  beforeAll(() => addLedger(stage.form, stage.upstream, 'ledger'))

  it.each(eras)('asks the user of a client that speaks %s, within the call', async (era) => {
    const { form, upstream } = stage
    const asked: Elicitation[] = []
    const options = { era, capabilities: { elicitation: { form: {} } } }

    const result = await callThroughMcp(form, 'execute', write(`asked-${era}`), {
      ...options,
      onElicit(params) {
        asked.push(params)
        return { action: 'accept', content: {} }
      },
    })

    expect(result).toMatchObject({ structuredContent: { status: 'completed', result: true } })
    expect(asked).toMatchObject([
      { message: expect.stringContaining('ledger.org.main.writes.write') },
    ])
    expect(asked[0]?.requestedSchema).toMatchObject({ type: 'object', properties: {} })
    expect(upstream.writes(`asked-${era}`)).toHaveLength(1)
    const { executionId } = result.structuredContent as { executionId: string }
    const { interactions } = await readRun(form, executionId)
    expect(interactions).toMatchObject([{ status: 'accepted', answeredVia: 'mcp' }])
  })

  it.each(eras)('sends nothing when the user of a client that speaks %s says no', async (era) => {
    const { form, upstream } = stage
    const code = `const write = (label) => tools.ledger.org.main.writes.write({ body: { label } })
      return [await write('no-1'), await write('no-2')].map(({ error }) => error.code)`
    const actions = ['decline', 'cancel'] as const
    let turn = 0

    const result = await callThroughMcp(
      form,
      'execute',
      { code },
      {
        era,
        capabilities: { elicitation: {} },
        onElicit: () => ({ action: actions[turn++] ?? 'cancel' }),
      },
    )

    expect(result).toMatchObject({
      structuredContent: { result: ['approval_declined', 'approval_cancelled'] },
    })
    expect(upstream.writes('no-1')).toEqual([])
  })

  it.each(eras)('takes an error of a client that speaks %s for a cancel', async (era) => {
    const result = await callThroughMcp(stage.form, 'execute', write('error'), {
      era,
      capabilities: { elicitation: {} },
      onElicit: () => Promise.reject(new TypeError('no screen')),
    }).catch((error: unknown) => error)

    expect(stage.upstream.writes('error')).toEqual([])
    if (era === 'legacy') expect(result).toMatchObject({ structuredContent: { result: false } })
  })

  it('asks the user of an earlier SDK as well', async () => {
    const { form, upstream } = stage
    const client = await connectEarlier(form, () => ({ action: 'accept', content: {} }))

    const result = await client.callTool({ name: 'execute', arguments: write('earlier') })
    await client.close()

    expect(result).toMatchObject({ structuredContent: { status: 'completed', result: true } })
    expect(upstream.writes('earlier')).toHaveLength(1)
  })

  it('shows no resume to whoever is asked within the call, and does to everyone else', async () => {
    const { form } = stage
    const namesOf = async (capabilities: Record<string, object>, query = '') => {
      const client = await connectAgent(form, { capabilities, query })
      const { tools } = await client.listTools()
      await client.close()
      return tools.map(({ name }) => name)
    }

    expect(await namesOf({ elicitation: {} })).toEqual(['execute', 'skills'])
    expect(await namesOf({})).toEqual(['execute', 'skills', 'resume'])
    const narrowed = await namesOf({ elicitation: {} }, '?elicitation_mode=browser')
    expect(narrowed).toEqual(['execute', 'skills', 'resume'])
  })

  it('lets no model answer, whatever the address says', async () => {
    const { form, upstream } = stage
    const query = '?elicitation_mode=model'

    const paused = await callThroughMcp(form, 'execute', write('model'), { query })
    const { executionId } = paused.structuredContent as { executionId: string }
    const [question] = await openInteractions(form, executionId)
    const reply = await form.api(
      'POST',
      `/api/interactions/${question?.id}/answer`,
      { action: 'accept' },
      { token: form.agentToken },
    )

    expect(paused).toMatchObject({ structuredContent: { status: 'user_approval_required' } })
    expect(reply.status).toBe(403)
    expect(upstream.writes('model')).toEqual([])
  })
})

describe.each(forms)('elicitation on the $name form, where people answer', ({ open }) => {
  const stage = useStage(open)
  beforeAll(() => addLedger(stage.form, stage.upstream, 'ledger'))
  const capabilities = { elicitation: { form: {}, url: {} } }

  it.each(eras)('gives the approval link to a client that speaks %s', async (era) => {
    const { form, upstream } = stage
    const asked: Elicitation[] = []

    const result = await callThroughMcp(form, 'execute', write(`link-${era}`), {
      era,
      capabilities,
      async onElicit(params) {
        asked.push(params)
        const [question] = await openInteractions(form)
        if (question) await answer(form, question, 'accept')
        return { action: 'accept' }
      },
    })

    expect(result).toMatchObject({ structuredContent: { status: 'completed', result: true } })
    const { executionId } = result.structuredContent as { executionId: string }
    const [{ id } = { id: '' }] = (await readRun(form, executionId)).interactions
    const url = `${form.origin}/resume/${executionId}.${id}`
    expect(asked).toMatchObject([{ mode: 'url', url }])
    expect(upstream.writes(`link-${era}`)).toHaveLength(1)
  })

  it.each(eras)('goes back to text when the user of %s opens no link', async (era) => {
    const { form, upstream } = stage

    const result = await callThroughMcp(form, 'execute', write(`dismissed-${era}`), {
      era,
      capabilities,
      onElicit: () => ({ action: 'cancel' }),
    })

    expect(result).toMatchObject({ structuredContent: { status: 'user_approval_required' } })
    const { executionId } = result.structuredContent as { executionId: string }
    expect(await openInteractions(form, executionId)).toHaveLength(1)
    expect(upstream.writes(`dismissed-${era}`)).toEqual([])
  })

  it('tells the client when the page behind the link was answered', async () => {
    const { form } = stage
    const completed: unknown[] = []
    const client = await connectAgent(form, {
      capabilities,
      async onElicit() {
        const [question] = await openInteractions(form)
        if (question) await answer(form, question, 'decline')
        return { action: 'accept' }
      },
    })
    client.setNotificationHandler('notifications/elicitation/complete', ({ params }) => {
      completed.push(params)
    })

    const result = await client.callTool({ name: 'execute', arguments: write('told') })
    await client.close()

    expect(result).toMatchObject({ structuredContent: { result: false } })
    expect(completed).toEqual([{ elicitationId: expect.stringMatching(/^int_/) }])
  })
})
