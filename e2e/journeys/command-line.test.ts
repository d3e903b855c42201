import { beforeAll, describe, expect, it } from 'vitest'
import { forms } from '../harness/forms.ts'
import { useStage } from '../harness/stage.ts'
import { addLedger, answer, connect, openInteractions } from '../harness/steps.ts'

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

  it('lists runs, shows one and cancels one', async () => {
    const { form } = stage
    await form.command('call', 'ledger', 'main', 'writes.write', '{"body":{"label":"cancelled"}}')
    const [waiting] = await openInteractions(form)
    const id = waiting?.runId ?? ''

    const listed = await form.command('runs', 'list', '--status', 'waiting')
    const cancelled = await form.command('runs', 'cancel', id)
    const shown = await form.command('runs', 'show', id)

    expect(listed.out).toContain(id)
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
