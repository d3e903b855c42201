import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { type ClusterForm, openClusterForm } from '../harness/cluster-form.ts'
import { addLedger, addRule, execute, invoke } from '../harness/steps.ts'
import { startUpstream, type Upstream } from '../harness/upstream.ts'
import { inParallel } from '../harness/waiting.ts'

const servers = inject('cluster')
const CALLS = 600
const IN_FLIGHT = 16

describe.runIf(servers)('three executor replicas', () => {
  let form: ClusterForm
  let upstream: Upstream
  beforeAll(async () => {
    if (!servers) return
    upstream = await startUpstream()
    form = await openClusterForm(servers)
    await addLedger(form, upstream, 'ledger')
    await addRule(form, 'ledger.org.main.writes.write', 'approve')
  })
  afterAll(async () => {
    await form?.close()
    await upstream?.close()
  })

  it('stop one after the other under load, and no call fails', async () => {
    upstream.delay(20)
    // The upstream remembers what an earlier try wrote.
    const attempt = randomUUID()
    let done = 0
    const load = inParallel(CALLS, IN_FLIGHT, async (index) => {
      const reply = await call(attempt, index)
      done++
      return reply
    })

    for (const [index, worker] of form.workers.entries()) {
      await expect.poll(() => done, { timeout: 60_000 }).toBeGreaterThan((index + 1) * 120)
      await worker.end('SIGTERM')
      await worker.start()
    }

    const failed = (await load).filter(
      ({ status, text }) => status !== 200 || !/"ok":true|completed/.test(text),
    )
    expect(failed.map(({ status, text }) => `${status} ${text}`)).toEqual([])
    const labels = upstream.sentTo('/writes').map(({ body }) => String(JSON.parse(body).label))
    const writes = labels.filter((label) => label.startsWith(attempt))
    expect(new Set(writes).size).toBe(writes.length)
  })

  /** A read, a write and a piece of code by turns. */
  function call(attempt: string, index: number) {
    if (index % 3 === 0) return invoke(form, 'ledger.org.main.items.readItem', { id: '1' })
    const write = { body: { label: `${attempt}-${index}` } }
    if (index % 3 === 1) return invoke(form, 'ledger.org.main.writes.write', write)
    return execute(form, `return (await tools.ledger.org.main.items.readItem({ id: '2' })).ok`)
  }
})
