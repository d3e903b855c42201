import { beforeAll, describe, expect, it } from 'vitest'
import { forms } from '../harness/forms.ts'
import { callThroughMcp, connectAgent } from '../harness/mcp-agent.ts'
import { useStage } from '../harness/stage.ts'
import { addLedger, answer, asked } from '../harness/steps.ts'

/** About four characters a token: 1,100 tokens for everything a model must carry along. */
const LIST_CHARS_MAX = 4_400

describe.each(forms)('an agent on /mcp of the $name form', ({ open }) => {
  const stage = useStage(open)
  beforeAll(() => addLedger(stage.form, stage.upstream, 'ledger'))

  it('sees three tools that cost little, and reads how to use them', async () => {
    const client = await connectAgent(stage.form)

    const { tools } = await client.listTools()
    const skill = await client.callTool({ name: 'skills', arguments: { name: 'execute' } })
    await client.close()

    expect(tools.map(({ name }) => name).sort()).toEqual(['execute', 'resume', 'skills'])
    expect(JSON.stringify(tools).length).toBeLessThan(LIST_CHARS_MAX)
    expect(skill.content).toMatchObject([{ type: 'text', text: expect.stringContaining('ledger') }])
  })

  it('finds, describes and calls tools from code', async () => {
    const code = `const { items } = await tools.search({ query: 'read an item' })
      const tool = await tools.describe.tool({ path: items[0].path })
      const result = await tools[items[0].path]({ id: '9' })
      emit('seen')
      return { path: items[0].path, takes: tool.inputTypeScript.includes('id'), name: result.data.name }`

    const result = await callThroughMcp(stage.form, 'execute', { code })

    expect(result).toMatchObject({
      isError: false,
      structuredContent: {
        status: 'completed',
        result: { path: 'ledger.org.main.items.readItem', takes: true, name: 'item 9' },
        emitted: 1,
      },
    })
    expect(JSON.stringify(result.content)).toContain('seen')
  })

  it('pauses, waits in resume for a person, and goes on', async () => {
    const { form, upstream } = stage
    const code = `return (await tools.ledger.org.main.writes.write({ body: { label: 'mcp' } })).ok`

    const paused = await callThroughMcp(form, 'execute', { code })
    const { executionId, approvalUrl } = paused.structuredContent as Record<string, string>
    const resumed = callThroughMcp(form, 'resume', { executionId })
    await answer(form, await asked(form, executionId ?? ''), 'accept')

    expect(paused).toMatchObject({
      content: [{ text: expect.stringMatching(new RegExp(`^executionId: ${executionId}$`, 'm')) }],
      structuredContent: { status: 'user_approval_required' },
    })
    expect(approvalUrl).toBe(`${form.origin}/resume/${executionId}`)
    expect(await resumed).toMatchObject({
      structuredContent: { status: 'completed', result: true },
    })
    expect(upstream.writes('mcp')).toHaveLength(1)
  })

  it('is told of a run that does not exist, and of code that is wrong', async () => {
    const { form } = stage

    const unknown = await callThroughMcp(form, 'resume', { executionId: 'exec_00000000-0000-4000' })
    const wrong = await callThroughMcp(form, 'execute', { code: 'const a = ;\nreturn a' })
    const typo = await callThroughMcp(form, 'execute', {
      code: 'return (await tools.ledger.org.main.items.readItems({})).error',
    })

    expect(unknown).toMatchObject({ structuredContent: { status: 'execution_not_found' } })
    expect(wrong).toMatchObject({ isError: true, structuredContent: { status: 'error' } })
    expect(JSON.stringify(wrong.content)).toContain('line 1')
    expect(JSON.stringify(typo.structuredContent)).toContain('ledger.org.main.items.readItem')
  })

  it.each([
    ['tools.serch({ query: "items" })', 'search'],
    ['tools.describe.tol({ path: "x" })', 'describe.tool'],
    ['tools.describe({ path: "x" })', 'describe.tool'],
    ['tools.executor.integration.list()', 'executor.integrations.list'],
  ])('is told what %s was meant to be', async (call, name) => {
    const { structuredContent } = await callThroughMcp(stage.form, 'execute', {
      code: `return (await ${call}).error`,
    })

    expect(structuredContent).toMatchObject({
      result: {
        code: 'tool_not_found',
        message: expect.stringContaining(`Did you mean ${name}`),
        details: { suggestions: expect.arrayContaining([name]) },
      },
    })
  })
})
