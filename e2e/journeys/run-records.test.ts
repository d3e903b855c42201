import { beforeAll, describe, expect, it } from 'vitest'
import { forms } from '../harness/forms.ts'
import { useStage } from '../harness/stage.ts'
import { addLedger, execute, invoke, readRun, succeed } from '../harness/steps.ts'
import { eventually } from '../harness/waiting.ts'

const READ = 'ledger.org.main.items.readItem'

describe.each(forms)('the record of runs on the $name form', ({ open }) => {
  const stage = useStage(open)
  beforeAll(() => addLedger(stage.form, stage.upstream, 'ledger'))

  it('has every call: who made it, what was sent, what came back', async () => {
    const { form } = stage
    await invoke(form, READ, { id: 'mine' }, { token: form.agentToken })
    await invoke(form, 'ledger.org.main.failing.fail', { status: 503 })

    const [failed, read] = (await succeed(form, 'GET', '/api/executions')).body as { id: string }[]

    expect(await readRun(form, read?.id ?? '')).toMatchObject({
      kind: 'invocation',
      status: 'completed',
      isError: false,
      title: READ,
      via: 'rest',
      arguments: { id: 'mine' },
      result: { ok: true, data: { id: 'mine' } },
      steps: [{ address: READ, status: 'settled', readOnly: true, ok: true, httpStatus: 200 }],
      traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
    })
    expect(await readRun(form, failed?.id ?? '')).toMatchObject({
      status: 'completed',
      isError: true,
      steps: [{ ok: false, error: { code: 'upstream_http_error' } }],
    })
  })

  it('has every execution with its code, its steps in order, its logs and its result', async () => {
    const { form } = stage
    const code = `console.log('begun')
      const { data } = await tools.${READ}({ id: '1' })
      await tools.ledger.org.main.failing.fail({ status: 418 })
      return data.name`
    const { executionId } = (await execute(form, code)).body as { executionId: string }

    const run = await readRun(form, executionId)

    expect(run).toMatchObject({
      kind: 'execution',
      status: 'completed',
      code,
      stepCount: 2,
      result: { ok: true, value: 'item 1', logs: ['begun'] },
      steps: [
        { index: 0, address: READ, ok: true },
        { index: 1, address: 'ledger.org.main.failing.fail', ok: false },
      ],
    })
    const whole = await succeed(form, 'GET', `/api/executions/${executionId}/result`)
    const step = await succeed(form, 'GET', `/api/executions/${executionId}/result?step=1`)
    expect(whole.body).toEqual(run.result)
    expect(step.body).toMatchObject({ ok: false, error: { status: 418 } })
  })

  it('pages through them, the newest first, and filters', async () => {
    const { form } = stage
    for (let index = 0; index < 5; index++) await invoke(form, READ, { id: `page-${index}` })
    const listed = `/api/executions?address=${READ}`
    // What only read is written down a moment later, and another worker may be the one to list it.
    await eventually('all of them are written down', async () => {
      const { body } = await succeed(form, 'GET', listed)
      return (body as unknown[]).length >= 6
    })

    const seen: string[] = []
    let next: string | null = ''
    while (next !== null) {
      const page = await succeed(form, 'GET', `${listed}&limit=2${next && `&cursor=${next}`}`)
      seen.push(...(page.body as { id: string }[]).map(({ id }) => id))
      next = page.headers.get('x-next-cursor')
    }

    expect(seen).toHaveLength(6)
    expect(new Set(seen)).toHaveProperty('size', 6)
    const failed = await succeed(form, 'GET', '/api/executions?status=failed')
    expect(failed.body).toEqual([])
  })

  it('finds the calls of a tool by either spelling of its address', async () => {
    const { form } = stage
    const slow = 'ledger.org.main.slow.readSlowly'
    await invoke(form, `tools.${slow}`)
    await invoke(form, slow)

    const find = (address: string) =>
      eventually('both are written down', async () => {
        const { body } = await succeed(form, 'GET', `/api/executions?address=${address}`)
        const [last, first, ...others] = body as { id: string; title: string }[]
        return last && first && { last, first, others }
      })
    const found = await find(slow)
    expect(await find(`tools.${slow}`)).toEqual(found)
    expect(found).toMatchObject({ last: { title: slow }, first: { title: slow }, others: [] })
  })

  it('has of a call one result', async () => {
    const { form } = stage
    await invoke(form, READ, { id: 'once' })
    const found = await eventually('it is written down', async () => {
      const { body } = await succeed(form, 'GET', `/api/executions?address=${READ}&limit=1`)
      return (body as { id: string }[])[0]
    })

    const first = await form.api('GET', `/api/executions/${found.id}/result?step=0`)
    const ninth = await form.api('GET', `/api/executions/${found.id}/result?step=9`)

    expect(first).toMatchObject({ status: 200, body: { ok: true } })
    expect(ninth).toMatchObject({ status: 404, body: { reason: 'result_unknown' } })
  })

  it('runs the same once more, as a run of its own', async () => {
    const { form } = stage
    const { executionId } = (await execute(form, 'return 6 * 7')).body as { executionId: string }

    const again = await form.api('POST', `/api/executions/${executionId}/rerun`, {})

    expect(again).toMatchObject({
      status: 202,
      body: { id: expect.not.stringContaining(executionId) },
    })
  })

  it("is nobody else's to guess: an unknown id is unknown", async () => {
    const { form } = stage

    const reply = await form.api('GET', '/api/executions/exec_00000000-0000-4000-8000-000000000000')

    expect(reply).toMatchObject({ status: 404, body: { _tag: 'ExecutionNotFoundError' } })
  })
})
