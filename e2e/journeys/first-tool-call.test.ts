import { describe, expect, it } from 'vitest'
import { forms } from '../harness/forms.ts'
import { ledgerDocument } from '../harness/ledger-document.ts'
import { useStage } from '../harness/stage.ts'
import { addLedger, addRule, connect, execute, invoke, succeed } from '../harness/steps.ts'

describe.each(forms)('a first tool call on the $name form', ({ open }) => {
  const stage = useStage(open)

  it('adds an API by its URL, finds a tool, describes it and calls it', async () => {
    const { form, upstream } = stage
    await addLedger(form, upstream, 'ledger')

    const found = await form.api('GET', '/api/tools/search?query=read%20an%20item')
    const described = await form.api(
      'GET',
      '/api/tools/schema?address=tools.ledger.org.main.items.readItem',
    )
    const called = await invoke(form, 'tools.ledger.org.main.items.readItem', { id: 'a b/c' })

    expect(found.body).toMatchObject({ items: [{ path: 'ledger.org.main.items.readItem' }] })
    expect(described.body).toMatchObject({
      inputSchema: { properties: { id: { type: 'string' } }, required: ['id'] },
    })
    expect(called).toMatchObject({
      status: 200,
      body: { ok: true, data: { id: 'a b/c' }, http: { status: 200 } },
    })
    expect(upstream.ledger.at(-1)).toMatchObject({ method: 'GET', path: '/items/a%20b%2Fc' })
  })

  it('adds an API that is pasted, and puts arguments where its description says', async () => {
    const { form, upstream } = stage
    const spec = { kind: 'blob', value: JSON.stringify(ledgerDocument(upstream.origin)) }
    const added = await form.api('POST', '/api/openapi/specs', { spec, slug: 'pasted' })
    await connect(form, { integration: 'pasted', name: 'main', template: 'none' })
    await addRule(form, 'pasted.org.main.echo.tellBack', 'approve')

    const called = await invoke(form, 'tools.pasted.org.main.echo.tellBack', {
      segment: 'ü',
      tags: ['a', 'b&c'],
      filter: { state: 'open' },
      'X-Request-Label': 'label-1',
      body: { nested: { value: [1, null, 'ü'] } },
    })

    expect(added).toMatchObject({ status: 200, body: { slug: 'pasted', toolCount: 9 } })
    expect(called).toMatchObject({ status: 200, body: { ok: true } })
    expect(upstream.ledger.at(-1)).toMatchObject({
      method: 'PUT',
      path: '/echo/%C3%BC',
      query: 'tags=a&tags=b%26c&filter%5Bstate%5D=open',
      headers: { 'x-request-label': 'label-1', 'content-type': 'application/json' },
      body: '{"nested":{"value":[1,null,"ü"]}}',
    })
  })

  it.each([
    ['a header', 'X-Ledger-Key', { value: 's3cret' }, { 'x-ledger-key': 's3cret' }, ''],
    ['the query', 'ledger_key', { value: 's3 cret' }, {}, 'ledger_key=s3%20cret'],
    ['a bearer', 'Bearer ', { value: 's3cret' }, { authorization: 'Bearer s3cret' }, ''],
    [
      'a user and a password',
      'basic',
      { values: { username: 'ann', password: 'pä:ss' } },
      { authorization: `Basic ${Buffer.from('ann:pä:ss').toString('base64')}` },
      '',
    ],
  ])(
    'sends a credential in %s, and nothing of it elsewhere',
    async (_, mark, value, headers, query) => {
      const { form, upstream } = stage
      const integration = (await succeed(form, 'GET', '/api/integrations/ledger')).body as {
        authMethods: { slug: string }[]
      }
      const method = integration.authMethods.find((one) => JSON.stringify(one).includes(mark))
      const name = `with${method?.slug.replace('-', '')}`
      await connect(form, { integration: 'ledger', name, template: method?.slug ?? '', ...value })

      const called = await invoke(form, `tools.ledger.org.${name}.protected.enter`)

      expect(called.body).toMatchObject({ ok: true, data: { welcome: true } })
      const wire = upstream.ledger.at(-1)
      expect(wire).toMatchObject({ path: '/protected', query, headers })
      expect(Object.keys(wire?.headers ?? {}).filter((one) => /auth|key/.test(one))).toEqual(
        Object.keys(headers),
      )
    },
  )

  it("tells failures apart: the upstream's, wrong arguments, a tool that does not exist", async () => {
    const { form, upstream } = stage
    const refused = await invoke(form, 'tools.ledger.org.main.failing.fail', { status: 418 })
    const before = upstream.ledger.length
    const wrong = await invoke(form, 'tools.ledger.org.main.items.readItem', { name: 'a' })
    const unknown = await invoke(form, 'tools.ledger.org.main.items.readItems', { id: 'a' })

    expect(refused.body).toMatchObject({
      ok: false,
      error: { code: 'upstream_http_error', status: 418 },
    })
    expect(wrong.body).toMatchObject({ ok: false, error: { code: 'invalid_tool_arguments' } })
    expect(unknown.body).toMatchObject({
      ok: false,
      error: {
        code: 'tool_not_found',
        details: { suggestions: expect.arrayContaining(['ledger.org.main.items.readItem']) },
      },
    })
    expect(upstream.ledger).toHaveLength(before)
  })

  it('calls the same tool from code', async () => {
    const { form } = stage
    const reply = await execute(
      form,
      'const item = await tools.ledger.org.main.items.readItem({ id: "7" }); return item.data.name',
    )

    expect(reply).toMatchObject({
      status: 200,
      body: { status: 'completed', text: 'item 7', isError: false },
    })
  })
})
