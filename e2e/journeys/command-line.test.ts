import { beforeAll, describe, expect, it } from 'vitest'
import { forms } from '../harness/forms.ts'
import { useStage } from '../harness/stage.ts'
import { addLedger, answer, connect, execute, openInteractions } from '../harness/steps.ts'

describe.each(forms)('the command line on the $name form', ({ open }) => {
  const stage = useStage(open)
  beforeAll(async () => {
    await addLedger(stage.form, stage.upstream, 'ledger')
    await connect(stage.form, { integration: 'ledger', name: 'other', template: 'none' })
  })

  it('adds an API and calls it, in the words of the shortest path', async () => {
    const { form, upstream } = stage
    const source = {
      spec: `${upstream.origin}/openapi.json`,
      namespace: 'petstore',
      baseUrl: upstream.origin,
    }

    const added = await form.command(
      'call',
      'executor',
      'openapi',
      'addSource',
      JSON.stringify(source),
    )
    const called = await form.command(
      'call',
      'petstore',
      'findPetsByStatus',
      '{"status":"available"}',
    )

    expect(added).toMatchObject({ exitCode: 0 })
    expect(called).toMatchObject({ exitCode: 0 })
    expect(JSON.parse(called.out)).toMatchObject({ ok: true, data: [{ status: 'available' }] })
    expect(upstream.ledger.at(-1)).toMatchObject({
      path: '/pets/findByStatus',
      query: 'status=available',
    })
  })

  it('says which tools a short path could mean', async () => {
    const told = await stage.form.command('call', 'ledger', 'readItem', '{"id":"1"}')

    expect(told.exitCode).toBe(1)
    expect(told.err).toContain('ledger.org.main.items.readItem')
    expect(told.err).toContain('ledger.org.other.items.readItem')
    const clear = await stage.form.command('call', 'ledger', 'other', 'readItem', '{"id":"1"}')
    expect(JSON.parse(clear.out)).toMatchObject({ ok: true, data: { id: '1' } })
  })

  it('searches, lists and describes', async () => {
    const { form } = stage

    const found = await form.command('tools', 'search', 'write something down')
    const listed = await form.command('tools', 'sources')
    const described = await form.command('tools', 'describe', 'ledger', 'main', 'readItem')

    expect(found.out.split('\n')[0]).toBe('ledger.org.main.writes.write  [asks]')
    expect(listed.out).toContain('ledger  Ledger (openapi, 9 tools)')
    expect(described.out).toContain('id: string')
  })

  it('pauses for approval, says how to go on, and goes on', async () => {
    const { form, upstream } = stage
    const write = '{"body":{"label":"from-the-terminal"}}'

    const paused = await form.command('call', 'ledger', 'main', 'writes.write', write)
    const [, executionId = ''] = /^executionId: (\S+)$/m.exec(paused.err) ?? []
    const accept = ['--execution-id', executionId, '--action', 'accept']
    const resumed = await form.command('resume', ...accept)

    expect(paused).toMatchObject({ exitCode: 2 })
    expect(paused.err).toContain(`${form.origin}/resume/${executionId}`)
    expect(resumed).toMatchObject({ exitCode: 0, err: '' })
    expect(upstream.writes('from-the-terminal')).toHaveLength(1)
  })

  it('answers nothing that it is not told to, and says when the answer came to a failure', async () => {
    const { form, upstream } = stage
    const write = '{"body":{"label":"declined-here"}}'
    const paused = await form.command('call', 'ledger', 'main', 'writes.write', write)
    const [, executionId = ''] = /^executionId: (\S+)$/m.exec(paused.err) ?? []
    const resume = (...words: string[]) =>
      form.command('resume', '--execution-id', executionId, ...words)

    const silent = await resume()
    const declined = await resume('--action', 'decline')
    const repeated = await resume('--action', 'accept')

    expect(silent).toMatchObject({ exitCode: 1, out: '' })
    expect(silent.err).toContain('--action accept, decline or cancel')
    expect(declined).toMatchObject({ exitCode: 1, err: '' })
    expect(JSON.parse(declined.out)).toMatchObject({
      structured: { result: { ok: false, error: { code: 'approval_declined' } } },
    })
    expect(repeated).toEqual(declined)
    expect(upstream.writes('declined-here')).toEqual([])
  })

  it('shows at each pause what is asked', async () => {
    const { form, upstream } = stage
    const code = `const write = (label) => tools.ledger.org.main.writes.write({ body: { label } })
      return [(await write('pause-1')).ok, (await write('pause-2')).ok]`
    const { executionId } = (await execute(form, code)).body as { executionId: string }

    const next = await form.command(
      'resume',
      ...['--execution-id', executionId, '--action', 'accept'],
    )

    expect(next).toMatchObject({ exitCode: 2 })
    expect(next.err).toMatch(/^Execution paused: Approve ledger\.org\.main\.writes\.write\?\n/)
    expect(next.err).toContain('"label": "pause-2"')
    expect(next.err).not.toContain(executionId)
    expect(upstream.writes('pause-2')).toEqual([])
  })

  it('lists what can be called, and says what the arguments have to be', async () => {
    const { form } = stage

    const all = await form.command('call', '--help', '--limit', '1000')
    const some = await form.command('call', '--match', 'read an item', '--limit', '1')
    const list = await form.command('call', 'ledger', 'main', 'readItem', '[1]')
    const more = await form.command('call', 'ledger', 'main', 'readItem', '{"id":"1"}', 'now')
    const nothing = await form.command('call')

    expect(all).toMatchObject({ exitCode: 0, err: '' })
    expect(all.out).toContain('\nledger.org.main.items.readItem  Read an item')
    expect(some.out.split('\n')).toHaveLength(2)
    for (const refused of [list, more]) {
      expect(refused).toMatchObject({ exitCode: 1, out: '' })
      expect(refused.err).toContain('The arguments must be one JSON object')
    }
    expect(nothing).toMatchObject({ exitCode: 1, err: expect.stringContaining('--help') })
  })

  it('says what each command for runs is for', async () => {
    const { out } = await stage.form.command('runs', '--help')

    for (const name of ['list', 'show', 'cancel'])
      expect(out).toMatch(RegExp(`${name} .* {2}[A-Z]`))
  })

  it('shows a run without a result that is too long, and that one where it is asked for', async () => {
    const { form } = stage
    const { executionId = '' } = (await execute(form, `return 'long '.repeat(400_000)`)).body as {
      executionId?: string
    }

    const shown = await form.command('runs', 'show', executionId)
    const result = await form.command('runs', 'show', executionId, '--result')

    expect(JSON.parse(shown.out)).toMatchObject({ result: null, resultTruncated: true })
    expect(shown.err).toContain(`executor runs show ${executionId} --result`)
    expect(JSON.parse(result.out)).toMatchObject({ ok: true, value: 'long '.repeat(400_000) })
  })

  it('lists runs, shows one and cancels one', async () => {
    const { form } = stage
    await form.command('call', 'ledger', 'main', 'writes.write', '{"body":{"label":"cancelled"}}')
    const [waiting] = await openInteractions(form)
    const id = waiting?.runId ?? ''

    const listed = await form.command('runs', 'list', '--status', 'waiting')
    const cancelled = await form.command('runs', 'cancel', id)
    const shown = await form.command('runs', 'show', id)
    const json = await form.command('runs', 'list', '--status', 'cancelled', '--json')
    const short = await form.command('runs', 'list', '--status', 'cancelled')

    expect(listed.out).toContain(id)
    expect(JSON.parse(json.out)).toMatchObject([{ id, status: 'cancelled' }])
    expect(short.out).toMatch(
      /^exec_\S+ {2}\S+ {2}cancelled {2}ledger\.org\.main\.writes\.write\n$/,
    )
    expect(cancelled.exitCode).toBe(0)
    expect(JSON.parse(shown.out)).toMatchObject({ id, status: 'cancelled' })
    const late = await answer(
      form,
      { id: waiting?.id ?? '', digest: waiting?.digest ?? '' },
      'accept',
    )
    expect(late.status).toBe(409)
    expect(stage.upstream.writes('cancelled')).toEqual([])
  })
})
