import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, describe, expect, it } from 'vitest'
import { durableScript } from '../harness/durable-script.ts'
import { forms } from '../harness/forms.ts'
import { callThroughMcp } from '../harness/mcp-agent.ts'
import { createRandom } from '../harness/random.ts'
import { useStage } from '../harness/stage.ts'
import { addLedger, addRule, execute, invoke, readRun, settled, start } from '../harness/steps.ts'
import { eventually } from '../harness/waiting.ts'

const WAITING_CALLERS = 6

const clusters = forms.filter(({ name }) => name === 'cluster')

describe.each(clusters)('a caller who waits on the $name form', ({ open }) => {
  const stage = useStage(open)
  beforeAll(async () => {
    await addLedger(stage.form, stage.upstream, 'ledger')
    await addRule(stage.form, 'ledger.*', 'approve')
    stage.upstream.delay(150)
  })

  it.each(['one worker', 'every worker'])('gets the answer though %s was killed', async (who) => {
    const { form } = stage
    const random = createRandom()
    console.log(`waiting callers: E2E_SEED=${random.seed}`)
    const waiting = Array.from({ length: WAITING_CALLERS }, (_, index) => {
      const text = durableScript('ledger', `${who}-${index}`)
      return index % 2 === 0
        ? execute(form, text).then(({ body }) => body)
        : callThroughMcp(form, 'execute', { code: text })
    })

    await sleep(random.integer(100, 900))
    await form.strike(`kill -9 of ${who}`)

    for (const answered of await Promise.all(waiting)) {
      const { structured, structuredContent } = answered as Record<string, { result?: unknown }>
      const result = (structured ?? structuredContent)?.result
      expect(result, JSON.stringify(answered)).toMatchObject({
        items: ['item one', 'item two', 'item three'],
      })
    }
  })
})

describe.each(forms)('a caller who goes away on the $name form', ({ open }) => {
  const stage = useStage(open)
  beforeAll(() => addLedger(stage.form, stage.upstream, 'ledger'))

  it('takes the run along, and its calls upstream', async () => {
    const { form, upstream } = stage
    upstream.misbehave('/slow', 'hang')
    const leaving = new AbortController()
    const text = 'return tools.ledger.org.main.slow.readSlowly({})'
    const waiting = execute(form, text, { signal: leaving.signal }).catch(() => 'gone')
    await eventually('the call hangs', () => upstream.sentTo('/slow').length > 0)
    const [run] = (await form.api('GET', '/api/executions?kind=execution')).body as { id: string }[]

    leaving.abort()
    await waiting

    expect(await settled(form, run?.id ?? '')).toMatchObject({ status: 'cancelled' })
    upstream.misbehave('/slow', null)
  })

  it('is told what became of it when a run is cancelled', async () => {
    const { form, upstream } = stage
    upstream.misbehave('/slow', 'hang')
    const id = await start(form, 'return tools.ledger.org.main.slow.readSlowly({})')
    await eventually('the call hangs', async () => (await readRun(form, id)).stepCount > 0)

    const cancelled = await form.api('POST', `/api/executions/${id}/cancel`, {})

    expect(cancelled).toMatchObject({ status: 200, body: { status: 'cancelled' } })
    expect(await settled(form, id)).toMatchObject({ status: 'cancelled' })
    upstream.misbehave('/slow', null)
  })

  it('is told that nobody knows, when a write was sent and its answer was lost', async () => {
    const { form, upstream } = stage
    await addRule(form, 'ledger.*', 'approve')
    upstream.misbehave('/writes', 'drop')

    const called = await invoke(form, 'ledger.org.main.writes.write', { body: { label: 'lost' } })

    upstream.misbehave('/writes', null)
    expect(called.body).toMatchObject({ ok: false, error: { code: 'outcome_unknown' } })
    expect(upstream.writes('lost')).toHaveLength(1)
  })
})
