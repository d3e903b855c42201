import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { forms } from '../harness/forms.ts'
import { callThroughMcp, type Elicitation, type ElicitationReply } from '../harness/mcp-agent.ts'
import { type HttpServer, startEverything } from '../harness/mcp-servers.ts'
import { useStage } from '../harness/stage.ts'
import { addRule, connect, openInteractions, succeed } from '../harness/steps.ts'

const TOOL = 'forms.org.main.trigger_elicitation_request'
const code = `return (await tools.${TOOL}({})).data.content.map(({ text }) => text).join()`
const fitting = { name: 'Ada', integer: 7 }

describe.each(forms)('a form that an MCP server shows, on the $name form', ({ open }) => {
  const stage = useStage(() => open({ EXECUTOR_ELICITATION_MODE: 'native' }))
  let server: HttpServer
  beforeAll(async () => {
    server = await startEverything('streamableHttp')
    const source = { transport: 'remote', endpoint: server.url, slug: 'forms', name: 'Forms' }
    await succeed(stage.form, 'POST', '/api/mcp/servers', source)
    await connect(stage.form, { integration: 'forms', name: 'main', template: 'none' })
    await addRule(stage.form, 'forms.*', 'approve')
  })
  afterAll(() => server?.close())

  it('is filled in at the terminal, and stays open until it fits', async () => {
    const { form } = stage
    const paused = await form.command('call', ...TOOL.split('.'), '{}')
    const [, executionId = ''] = /^executionId: (\S+)$/m.exec(paused.err) ?? []
    const resume = (content: string) =>
      form.command(
        'resume',
        ...['--execution-id', executionId, '--action', 'accept', '--content', content],
      )

    const broken = await resume('{name}')
    const list = await resume('[1]')
    const misfits = await resume('{"name":"Ada","integer":700,"nmae":"Ada"}')
    const empty = await resume('{}')
    const stillOpen = await openInteractions(form, executionId)
    const done = await resume(JSON.stringify(fitting))
    const late = await resume(JSON.stringify(fitting))

    expect(paused.exitCode).toBe(2)
    expect(paused.err).toContain('It asks for a form: {')
    expect(broken).toMatchObject({ exitCode: 1, err: '--content is not JSON.\n', out: '' })
    expect(list).toMatchObject({ exitCode: 1, err: expect.stringContaining('content') })
    expect(misfits).toMatchObject({ exitCode: 1, out: '' })
    expect(misfits.err).toContain('"nmae" is not asked for')
    expect(misfits.err).toContain('"integer" must be')
    expect(misfits.err).toContain('It is still open.')
    expect(empty.err).toContain('"name" is missing')
    expect(stillOpen).toHaveLength(1)
    expect(done).toMatchObject({ exitCode: 0, err: '' })
    expect(done.out).toContain('Name: Ada')
    expect(late).toMatchObject({ exitCode: 0, out: done.out })
  })

  it.each(['legacy', 'auto'] as const)(
    'is put again to a client that speaks %s, with what does not fit',
    async (era) => {
      const replies: ElicitationReply[] = [
        { action: 'accept', content: { integer: 700 } },
        { action: 'accept', content: { name: 'Ada', integer: 700 } },
        { action: 'accept', content: fitting },
      ]
      const asked: Elicitation[] = []

      const result = await callThroughMcp(
        stage.form,
        'execute',
        { code },
        {
          era,
          capabilities: { elicitation: { form: {} } },
          onElicit(params) {
            asked.push(params)
            return replies[asked.length - 1] ?? { action: 'cancel' }
          },
        },
      )

      expect(asked.map(({ message }) => message)).toEqual([
        expect.not.stringContaining('does not fit'),
        expect.stringContaining('"name" is missing'),
        expect.stringContaining('"integer" must be'),
      ])
      expect(result).toMatchObject({
        structuredContent: { status: 'completed', result: expect.stringContaining('Name: Ada') },
      })
    },
  )

  it.each(['legacy', 'auto'] as const)(
    'is left open when what a client says that speaks %s never fits',
    async (era) => {
      let times = 0

      const result = await callThroughMcp(
        stage.form,
        'execute',
        { code },
        {
          era,
          capabilities: { elicitation: { form: {} } },
          onElicit() {
            times++
            return { action: 'accept', content: { integer: 7 } }
          },
        },
      )

      expect(times).toBe(3)
      expect(result).toMatchObject({
        content: [{ text: expect.stringContaining('"name" is missing') }],
        structuredContent: { status: 'user_approval_required' },
      })
      const { executionId } = result.structuredContent as { executionId: string }
      expect(await openInteractions(stage.form, executionId)).toHaveLength(1)
      await succeed(stage.form, 'POST', `/api/executions/${executionId}/cancel`)
    },
  )
})
