import { beforeAll, describe, expect, it } from 'vitest'
import type { ClusterForm } from '../harness/cluster-form.ts'
import { forms } from '../harness/forms.ts'
import { useStage } from '../harness/stage.ts'
import { addLedger, execute } from '../harness/steps.ts'

const EXECUTIONS = 100
const CALLS = 20
const code = (index: number) => `
  const calls = Array.from({ length: ${CALLS} }, (_, call) => tools.ledger.org.main.items.readItem({ id: '${index}-' + call }))
  return (await Promise.all(calls)).map((result) => result.data.id)`

describe.each(forms)('a hundred executions at once on the $name form', ({ name, open }) => {
  const stage = useStage(open)
  beforeAll(() => addLedger(stage.form, stage.upstream, 'ledger'))

  it('finish, each with twenty parallel calls, every call sent once', async () => {
    const { form, upstream } = stage

    const replies = await Promise.all(
      Array.from({ length: EXECUTIONS }, (_, index) => execute(form, code(index))),
    )

    const wrong = replies.filter(({ status, body }, index) => {
      const { structured } = body as { structured?: { result?: unknown } }
      const ids = Array.from({ length: CALLS }, (_, call) => `${index}-${call}`)
      return status !== 200 || JSON.stringify(structured?.result) !== JSON.stringify(ids)
    })
    expect(wrong.map(({ status, text }) => `${status} ${text}`)).toEqual([])
    const paths = upstream.ledger
      .map(({ path }) => path)
      .filter((path) => path.startsWith('/items/'))
    expect(new Set(paths).size).toBe(EXECUTIONS * CALLS)
    expect(paths).toHaveLength(EXECUTIONS * CALLS)
  })

  it.runIf(name === 'cluster')('are shared by three workers', async () => {
    const counts = await (stage.form as ClusterForm).countRunsByWorker()

    expect(counts).toHaveLength(3)
    expect(Math.min(...counts)).toBeGreaterThan(EXECUTIONS / 10)
  })
})
