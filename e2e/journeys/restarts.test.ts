import { beforeAll, describe, expect, it } from 'vitest'
import type { Signal } from '../harness/form.ts'
import { forms } from '../harness/forms.ts'
import { ledgerDocument } from '../harness/ledger-document.ts'
import { useStage } from '../harness/stage.ts'
import { addLedger, addRule, connect, invoke, succeed } from '../harness/steps.ts'

describe.each(forms)('a restart of the $name form', ({ open }) => {
  const stage = useStage(open)
  beforeAll(() => addLedger(stage.form, stage.upstream, 'ledger'))

  it.each<Signal>(['SIGTERM', 'SIGKILL'])(
    'by %s keeps everything that was answered',
    async (signal) => {
      const { form, upstream } = stage
      const { authMethods } = (await succeed(form, 'GET', '/api/integrations/ledger')).body as {
        authMethods: { slug: string }[]
      }
      const template =
        authMethods.find((one) => JSON.stringify(one).includes('X-Ledger-Key'))?.slug ?? ''
      const name = signal.toLowerCase()
      await connect(form, { integration: 'ledger', name, template, value: `secret-${name}` })
      await addRule(form, `ledger.org.${name}.slow.*`, 'block')
      await invoke(form, `ledger.org.${name}.protected.enter`)
      const kept = ['/api/integrations', '/api/connections', '/api/policies', '/api/executions']
      const read = () =>
        Promise.all(kept.map(async (path) => (await succeed(form, 'GET', path)).body))
      const before = await read()

      await form.restart(signal)

      expect(await read()).toEqual(before)
      const called = await invoke(
        form,
        `ledger.org.${name}.protected.enter`,
        {},
        { token: form.agentToken },
      )
      expect(called.body).toMatchObject({ ok: true, data: { welcome: true } })
      expect(upstream.ledger.at(-1)?.headers['x-ledger-key']).toBe(`secret-${name}`)
      const blocked = await invoke(form, `ledger.org.${name}.slow.readSlowly`)
      expect(blocked.body).toMatchObject({ ok: false, error: { code: 'tool_blocked' } })
    },
  )

  it('right after an import was acknowledged loses none of it', async () => {
    const { form, upstream } = stage
    const spec = { kind: 'blob', value: JSON.stringify(ledgerDocument(upstream.origin)) }

    await succeed(form, 'POST', '/api/openapi/specs', { spec, slug: 'fresh' })
    await form.restart('SIGKILL')

    await connect(form, { integration: 'fresh', name: 'main', template: 'none' })
    const found = await succeed(
      form,
      'GET',
      '/api/tools/search?query=read%20an%20item&namespace=fresh',
    )
    expect(found.body).toMatchObject({ items: [{ path: 'fresh.org.main.items.readItem' }] })
    expect((await invoke(form, 'fresh.org.main.items.readItem', { id: '1' })).body).toMatchObject({
      ok: true,
    })
  })
})
