import type { Integration, SourceChange, SourceReview, ToolDescription } from '@executor/contracts'
import { invariant } from '@executor/contracts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { forms } from '../harness/forms.ts'
import { callThroughMcp } from '../harness/mcp-agent.ts'
import { type HttpServer, startChanging } from '../harness/mcp-servers.ts'
import { useStage } from '../harness/stage.ts'
import { addRule, connect, invoke, succeed } from '../harness/steps.ts'
import { eventually } from '../harness/waiting.ts'

const REVIEW = '/api/integrations/pinned/review'

describe.each(forms)('pinned tools of MCP servers on the $name form', ({ open }) => {
  const stage = useStage(open)
  let server: HttpServer | undefined
  const read = async <T>(path: string) => (await succeed(stage.form, 'GET', path)).body as T
  const names = async () =>
    (await read<{ name: string }[]>('/api/tools?integration=pinned')).map(({ name }) => name)
  const greet = () =>
    read<ToolDescription>('/api/tools/schema?address=tools.pinned.org.default.greet')
  const call = async (tool: string, args: object = {}) =>
    (await invoke(stage.form, `pinned.org.default.${tool}`, args)).body
  const review = async () => (await read<SourceReview[]>(REVIEW))[0]
  const changed = (what: string, isSo: (review: SourceReview | undefined) => boolean) =>
    eventually(what, async () => isSo(await review()))
  const decide = async (decision: 'approve' | 'reject', operations: string[]) => {
    const revision = (await review())?.revision
    invariant(revision, 'something waits')
    const account = { owner: 'org', connection: 'default' }
    const body = { account, revision, operations }
    return (await succeed(stage.form, 'POST', `${REVIEW}/${decision}`, body)).body
  }

  beforeAll(async () => {
    server = await startChanging('modern')
    const remote = { transport: 'remote', endpoint: `${server.url}/mcp`, slug: 'pinned' }
    await succeed(stage.form, 'POST', '/api/mcp/servers', { ...remote, name: 'Pinned' })
    await connect(stage.form, { integration: 'pinned', name: 'default', template: 'none' })
    await addRule(stage.form, 'pinned.*', 'approve')
    await succeed(stage.form, 'PATCH', '/api/integrations/pinned', { review: 'all' })
    expect(await names()).toEqual(['change', 'greet', 'wave'])
  })
  afterAll(() => server?.close())

  it('are called as long as they are what they were', async () => {
    expect(await call('greet', { name: 'Eve' })).toMatchObject({ ok: true })
    expect(await review()).toBeUndefined()
  })

  it('are shown with their differences, and not called, once they are something else', async () => {
    await call('change')
    await changed('the change waits', (found) => found?.waiting === 2)

    const found = await review()
    expect(found).toMatchObject({
      account: { owner: 'org', connection: 'default' },
      operations: [
        { name: 'bow', change: 'added', status: 'waiting', description: 'Bows.' },
        { name: 'greet', change: 'changed', status: 'waiting' },
      ],
    })
    expect(found?.operations[1]?.fields).toEqual(
      expect.arrayContaining([
        { path: 'description', before: 'Greets.', after: 'Greets loudly.' },
        { path: 'inputSchema.properties.volume', after: '{"type":"number"}' },
      ]),
    )
    expect(await names()).toEqual(['change', 'greet'])
    expect(await greet()).toMatchObject({ description: 'Greets.' })
    expect(await read<Integration>('/api/integrations/pinned')).toMatchObject({ heldCount: 2 })
    for (const [tool, why] of [
      ['greet', 'has changed upstream'],
      ['bow', 'is new upstream'],
    ] as const)
      expect(await call(tool, {})).toMatchObject({
        ok: false,
        error: { code: 'tool_awaits_review', message: expect.stringContaining(why) },
      })
    const told = await callThroughMcp(stage.form, 'execute', {
      code: 'return await tools.pinned.org.default.greet({ name: "Eve" })',
    })
    expect(JSON.stringify(told)).toContain('tool_awaits_review')
    expect(JSON.stringify(told)).not.toContain('loudly')
  })

  it('work again, as they are now, once a person let them in', async () => {
    expect(await decide('approve', ['greet'])).toMatchObject({ decided: ['greet'], waiting: 1 })

    expect(await greet()).toMatchObject({ description: 'Greets loudly.' })
    const said = await call('greet', { name: 'Eve', volume: 11 })
    expect(said).toMatchObject({
      ok: true,
      data: { content: [{ text: 'greet {"name":"Eve","volume":11}' }] },
    })
    expect(await call('bow')).toMatchObject({ ok: false, error: { code: 'tool_awaits_review' } })
    const [last] = await read<SourceChange[]>('/api/integrations/pinned/changes?limit=1')
    expect(last).toMatchObject({ cause: 'approved', heldTools: ['greet'] })
  })

  it('stay away once a person turned them down', async () => {
    await decide('reject', ['bow'])

    expect(await call('bow')).toMatchObject({ ok: false, error: { code: 'tool_rejected' } })
    expect(await names()).toEqual(['change', 'greet'])

    await call('change')
    await changed('greet is something else again', (found) =>
      Boolean(found?.operations.some(({ name }) => name === 'greet')),
    )
    await decide('reject', ['greet'])
    expect(await call('greet', { name: 'Eve' })).toMatchObject({
      ok: false,
      error: { code: 'tool_rejected', message: expect.stringContaining('what it has become') },
    })
  })
})
