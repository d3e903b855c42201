import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Reply } from '../harness/form.ts'
import { forms } from '../harness/forms.ts'
import { useStage } from '../harness/stage.ts'
import { addLedger, addRule, execute, invoke, succeed } from '../harness/steps.ts'

const planted = (name: string) => `${name}-${randomBytes(16).toString('hex')}`

describe.each(forms)('credentials on the $name form', ({ open }) => {
  const stage = useStage(() => open({ EXECUTOR_LOG_LEVEL: 'trace' }))
  const secrets = { key: planted('key'), query: planted('query'), password: planted('pass') }
  const basic = Buffer.from(`ann:${secrets.password}`).toString('base64')
  const leaks = (text: string) =>
    [...Object.values(secrets), basic].filter((secret) => text.includes(secret))

  it('reach the upstream, and nobody else: no answer, log, file or process list', async () => {
    const { form, upstream } = stage
    const replies: Reply[] = []
    const ask = async (...request: Parameters<typeof form.api>) => {
      const reply = await form.api(...request)
      replies.push(reply)
      return reply
    }
    await addLedger(form, upstream, 'ledger')
    await addRule(form, 'ledger.*', 'approve')
    const { authMethods } = (await succeed(form, 'GET', '/api/integrations/ledger')).body as {
      authMethods: { slug: string }[]
    }
    const templateOf = (mark: string) =>
      authMethods.find((method) => JSON.stringify(method).includes(mark))?.slug ?? ''
    const connections = [
      { name: 'byKey', template: templateOf('X-Ledger-Key'), value: secrets.key },
      { name: 'byQuery', template: templateOf('ledger_key'), value: secrets.query },
      {
        name: 'byPassword',
        template: templateOf('basic'),
        values: { username: 'ann', password: secrets.password },
      },
    ]
    for (const { name, ...connection } of connections) {
      const body = { owner: 'org', integration: 'ledger', name, ...connection }
      await ask('POST', '/api/connections', body)
      await ask('POST', '/api/connections', { ...body, template: 'no-such-method' })
      await ask('POST', '/api/connections/validate', {
        ...body,
        spec: { operation: 'protected.enter' },
      })
      const tools = `ledger.org.${name}`
      replies.push(await invoke(form, `${tools}.protected.enter`))
      // The upstream sends back all that it was sent.
      replies.push(await invoke(form, `${tools}.echo.tellBack`, { segment: 'a', body: {} }))
      replies.push(await invoke(form, `${tools}.failing.fail`, { status: 500 }))
      upstream.misbehave('/big', 'drop')
      replies.push(await invoke(form, `${tools}.big.readMuch`, { chars: 1 }))
      replies.push(
        await execute(
          form,
          `console.log(tools, globalThis); const r = await tools.${tools}.echo.tellBack({ segment: 'b', body: {} }); return r`,
        ),
      )
      await ask('POST', `/api/connections/org/ledger/${name}/health`)
      await ask('POST', `/api/connections/org/ledger/${name}/refresh`)
      await ask('PATCH', `/api/connections/org/ledger/${name}`, { description: 'mine' })
      await ask('GET', `/api/connections/org/ledger/${name}`)
    }
    await ask('POST', '/api/connections', `{"value": "${secrets.key}", broken`)
    await ask('GET', '/api/connections')
    await ask('GET', '/api/integrations')
    const runs = (await ask('GET', '/api/executions')).body as { id: string }[]
    for (const { id } of runs) await ask('GET', `/api/executions/${id}`)

    const sent = JSON.stringify(upstream.ledger)
    expect(leaks(sent)).toEqual([secrets.key, secrets.query, basic])
    expect(replies.flatMap((reply) => (leaks(reply.text).length > 0 ? [reply.text] : []))).toEqual(
      [],
    )
    expect(leaks(form.log())).toEqual([])
    expect(leaks((await form.readKept()).toString('latin1'))).toEqual([])
    for (const { pid } of form.processes)
      expect(leaks(readFileSync(`/proc/${pid}/cmdline`, 'utf8'))).toEqual([])
  })

  it('are gone when their connection is', async () => {
    const { form, upstream } = stage
    await succeed(form, 'DELETE', '/api/connections/org/ledger/byKey')
    const before = upstream.ledger.length

    const called = await invoke(form, 'ledger.org.byKey.protected.enter')

    expect(called.body).toMatchObject({ ok: false, error: { code: 'tool_not_found' } })
    expect(upstream.ledger).toHaveLength(before)
  })
})
