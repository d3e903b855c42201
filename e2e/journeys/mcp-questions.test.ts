import type { Interaction } from '@executor/contracts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { forms } from '../harness/forms.ts'
import { callThroughMcp, type Elicitation } from '../harness/mcp-agent.ts'
import { EVERYTHING, type HttpServer, startEverything } from '../harness/mcp-servers.ts'
import { useStage } from '../harness/stage.ts'
import { addRule, asked, connect, settled, start, succeed } from '../harness/steps.ts'

const LINK = 'https://pay.example/checkout?order=7'

describe.each(forms)('questions of MCP servers on the $name form', ({ name: formName, open }) => {
  const stage = useStage(() => open({ EXECUTOR_ELICITATION_MODE: 'native' }))
  let server: HttpServer | undefined

  beforeAll(async () => {
    server = await startEverything('streamableHttp')
    const remote = { transport: 'remote', endpoint: server.url, name: 'http', slug: 'http' }
    await succeed(stage.form, 'POST', '/api/mcp/servers', remote)
    await connect(stage.form, { integration: 'http', name: 'default', template: 'none' })
    await addRule(stage.form, 'http.*', 'approve')
    if (formName !== 'local') return
    const stdio = { transport: 'stdio', command: process.execPath, args: [EVERYTHING] }
    await succeed(stage.form, 'POST', '/api/mcp/servers', { ...stdio, name: 'pipe', slug: 'pipe' })
    await addRule(stage.form, 'pipe.*', 'approve')
  })
  afterAll(() => server?.close())

  const code = (slug: string, tool: string, args: object = {}) =>
    `return (await tools.${slug}.org.default.${tool}(${JSON.stringify(args)})).data.content`
  const answer = (question: Interaction, body: { action: string; content?: object }) =>
    succeed(stage.form, 'POST', `/api/interactions/${question.id}/answer`, {
      digest: question.digest,
      ...body,
    })
  const resultOf = async (id: string) => JSON.stringify((await settled(stage.form, id)).result)

  const ways = formName === 'local' ? ['http', 'pipe'] : ['http']

  it.each(ways)('send a person to a link, and tell the server (%s)', async (slug) => {
    const ask = { url: LINK, message: 'Pay first.', elicitationId: 'pay-7' }

    for (const [action, said] of [
      ['accept', 'User completed the URL elicitation flow'],
      ['decline', 'User declined to open the URL'],
      ['cancel', 'User cancelled the URL elicitation'],
    ] as const) {
      const id = await start(stage.form, code(slug, 'trigger_url_elicitation', ask))
      const question = await asked(stage.form, id)
      expect(question).toMatchObject({ kind: 'url', url: LINK, message: 'Pay first.' })
      expect(question.address).toBe(`${slug}.org.default.trigger_url_elicitation`)

      await answer(question, { action })

      expect(await resultOf(id)).toContain(said)
    }
  })

  it.each(ways)('send a person to a link before the call does anything (%s)', async (slug) => {
    const ask = { url: LINK, elicitationId: `first-${slug}`, errorPath: true }
    const id = await start(stage.form, code(slug, 'trigger_url_elicitation', ask))

    const before = await asked(stage.form, id)
    expect(before).toMatchObject({ kind: 'url', url: 'https://modelcontextprotocol.io' })
    await answer(before, { action: 'accept' })
    const during = await asked(stage.form, id)
    expect(during).toMatchObject({ kind: 'url', url: LINK })
    await answer(during, { action: 'accept' })

    expect(await resultOf(id)).toContain('User completed the URL elicitation flow')
  })

  it.each(['legacy', 'auto'] as const)(
    'hand the link on to the user of an agent that speaks %s',
    async (era) => {
      const seen: Elicitation[] = []
      const ask = { url: LINK, message: 'Pay first.' }

      const result = await callThroughMcp(
        stage.form,
        'execute',
        { code: code('http', 'trigger_url_elicitation', ask) },
        {
          era,
          capabilities: { elicitation: { form: {}, url: {} } },
          onElicit(params) {
            seen.push(params)
            return { action: 'accept' }
          },
        },
      )

      expect(seen).toMatchObject([{ mode: 'url', url: LINK }])
      expect(seen[0]?.message).toContain('Pay first.')
      expect(JSON.stringify(result)).toContain('User completed the URL elicitation flow')
    },
  )

  it('ask whoever a call is for, where several run on one session over HTTP', async () => {
    const names = ['Ada', 'Bob', 'Cleo']
    const ids = await Promise.all(
      names.map(() => start(stage.form, code('http', 'trigger_elicitation_request'))),
    )
    const questions = await Promise.all(ids.map((id) => asked(stage.form, id)))

    // The last to ask is the first to be answered.
    for (const [at, question] of [...questions.entries()].reverse())
      await answer(question, { action: 'accept', content: { name: names[at] } })

    const results = await Promise.all(ids.map(resultOf))
    expect(results.map((text) => names.filter((name) => text.includes(name)))).toEqual(
      names.map((name) => [name]),
    )
  })

  it.runIf(formName === 'local')(
    'ask a run whose calls are all that is under way on a pipe, and cancel what nobody owns',
    async () => {
      const ask = `tools.pipe.org.default.trigger_elicitation_request({})`
      const id = await start(
        stage.form,
        `const both = await Promise.all([${ask}, ${ask}])
        return both.map(({ data }) => data.content[0].text)`,
      )
      for (const name of ['Ada', 'Bob'])
        await answer(await asked(stage.form, id), { action: 'accept', content: { name } })
      expect(await resultOf(id)).toMatch(/"value":\["✅[^"]*","✅[^"]*"\]/)

      const busy = await start(
        stage.form,
        code('pipe', 'trigger_long_running_operation', { duration: 3, steps: 3 }),
      )
      const other = await start(stage.form, code('pipe', 'trigger_elicitation_request'))
      expect(await resultOf(other)).toContain('cancelled')
      expect(await resultOf(busy)).toContain('completed')
      expect(stage.form.log()).toContain('could not be told on whose behalf')
    },
  )
})
