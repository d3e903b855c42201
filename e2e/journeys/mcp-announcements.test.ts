import { beforeAll, describe, expect, it } from 'vitest'
import { forms } from '../harness/forms.ts'
import { connectAgent } from '../harness/mcp-agent.ts'
import { useStage } from '../harness/stage.ts'
import { addLedger, connect, succeed } from '../harness/steps.ts'
import { eventually } from '../harness/waiting.ts'

describe.each(forms)('what agents are told by themselves on the $name form', ({ open }) => {
  const stage = useStage(open)
  beforeAll(() => addLedger(stage.form, stage.upstream, 'ledger'))

  it.each(['legacy', 'auto'] as const)(
    'that something is connected, and that it is no more, in the %s era',
    async (era) => {
      const { form, upstream } = stage
      const slug = `late_${era}`
      const spec = { kind: 'url', url: `${upstream.origin}/openapi.json` }
      await succeed(form, 'POST', '/api/openapi/specs', { spec, slug })
      const told: string[] = []
      const client = await connectAgent(form, { era, listChanged: () => told.push('changed') })
      const described = async () => {
        const { tools } = await client.listTools(undefined, { cacheMode: 'bypass' })
        return tools.find(({ name }) => name === 'execute')?.description ?? ''
      }
      expect(await described()).not.toContain(slug)

      await connect(form, { integration: slug, name: 'main', template: 'none' })
      await eventually('the agent is told', () => told.length === 1)
      expect(await described()).toContain(slug)

      await succeed(form, 'DELETE', `/api/connections/org/${slug}/main`)
      await eventually('the agent is told again', () => told.length === 2)
      expect(await described()).not.toContain(slug)
      await client.close()
    },
  )

  it('nothing where the tools are always the same', async () => {
    const client = await connectAgent(stage.form, { query: '?mode=passthrough' })

    expect(client.getServerCapabilities()).toEqual({ tools: { listChanged: false } })
    await client.close()
  })
})
