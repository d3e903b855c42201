import type { ToolDescription } from '@executor/contracts'
import { describe, expect, it, onTestFinished } from 'vitest'
import { forms } from '../harness/forms.ts'
import {
  CHANGING,
  connectDirectly,
  type Era,
  type HttpServer,
  startChanging,
} from '../harness/mcp-servers.ts'
import { useStage } from '../harness/stage.ts'
import { addRule, connect, invoke, succeed } from '../harness/steps.ts'
import { eventually } from '../harness/waiting.ts'

const BEFORE = ['change', 'greet', 'wave']
const AFTER = ['bow', 'change', 'greet']

describe.each(forms)('MCP servers that change on the $name form', ({ name: formName, open }) => {
  const stage = useStage(open)
  const read = async <T>(path: string) => (await succeed(stage.form, 'GET', path)).body as T
  const names = async (slug: string) =>
    (await read<{ name: string }[]>(`/api/tools?integration=${slug}`)).map(({ name }) => name)
  const describeTool = (slug: string, tool: string) =>
    read<ToolDescription>(`/api/tools/schema?address=tools.${slug}.org.default.${tool}`)
  const shows = (slug: string, tools: string[]) =>
    eventually(`${slug} shows ${tools.join(', ')}`, async () => {
      expect(await names(slug)).toEqual(tools)
      return true
    })

  async function serve(era: Era, slug: string) {
    const server = await startChanging(era)
    onTestFinished(() => server.close())
    const endpoint = `${server.url}/mcp`
    const added = { transport: 'remote', endpoint, remoteTransport: 'streamable-http', slug }
    await succeed(stage.form, 'POST', '/api/mcp/servers', { ...added, name: slug })
    await connect(stage.form, { integration: slug, name: 'default', template: 'none' })
    await addRule(stage.form, `${slug}.*`, 'approve')
    expect(await names(slug)).toEqual([...BEFORE])
    return server
  }

  /** Makes a server change without a call of ours. */
  async function change({ url }: HttpServer): Promise<void> {
    const client = await connectDirectly({ url: `${url}/mcp`, way: 'streamable-http' })
    await client.callTool({ name: 'change', arguments: {} })
    await client.close()
  }

  it.each(['legacy', 'modern'] as const)(
    'shows what a server over HTTP offers now, once it says so (%s era)',
    async (era) => {
      const slug = `http_${era}`
      const server = await serve(era, slug)

      await change(server)
      await shows(slug, AFTER)

      const greet = await describeTool(slug, 'greet')
      expect(greet).toMatchObject({
        description: 'Greets loudly.',
        inputSchema: { properties: { volume: { type: 'number' } } },
      })
      const bow = await invoke(stage.form, `${slug}.org.default.bow`)
      expect(bow.body).toMatchObject({ ok: true, data: { content: [{ text: 'bow {}' }] } })
      const wave = await invoke(stage.form, `${slug}.org.default.wave`)
      expect(wave.body).toMatchObject({ ok: false, error: { code: 'tool_not_found' } })

      await change(server)
      await shows(slug, BEFORE)
    },
  )

  it.runIf(formName === 'local').each(['legacy', 'modern'] as const)(
    'shows what a server over stdio offers now, once it says so (%s era)',
    async (era) => {
      const { form } = stage
      const slug = `stdio_${era}`
      await succeed(form, 'POST', '/api/mcp/servers', {
        transport: 'stdio',
        command: process.execPath,
        args: [CHANGING, era],
        slug,
        name: slug,
      })
      await addRule(form, `${slug}.*`, 'approve')
      expect(await names(slug)).toEqual(BEFORE)

      const changed = await invoke(form, `${slug}.org.default.change`)
      expect(changed.body).toMatchObject({ ok: true })

      await shows(slug, AFTER)
    },
  )

  it.each(['legacy', 'modern'] as const)(
    'finds out what changed while a server was away (%s era)',
    async (era) => {
      const slug = `away_${era}`
      const server = await serve(era, slug)
      await change(server)
      await shows(slug, AFTER)

      await server.close()
      const again = await startChanging(era, server.port)
      onTestFinished(() => again.close())
      const called = await invoke(stage.form, `${slug}.org.default.greet`, { name: 'Eve' })

      expect(called.body).toMatchObject({ ok: true })
      await shows(slug, BEFORE)
    },
  )
})
