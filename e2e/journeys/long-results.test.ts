import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, describe, expect, it } from 'vitest'
import { forms } from '../harness/forms.ts'
import { connectAgent } from '../harness/mcp-agent.ts'
import { createRandom } from '../harness/random.ts'
import { useStage } from '../harness/stage.ts'
import { addLedger, execute, settled, start, succeed } from '../harness/steps.ts'

/** Runs that one disaster meets, each while another part of its result is written. */
const RUNS_PER_ROUND = 4
/** About what it takes to make such a result and to write it. */
const LIFE_MS = 1_200
const READ = 'ledger.org.main.items.readItem'
const MILLION = 'return Array.from({ length: 1e6 }, (_, index) => index)'
const million = JSON.stringify(Array.from({ length: 1e6 }, (_, index) => index))

describe.each(forms)('long results on the $name form', ({ name, disasters, open }) => {
  const stage = useStage(open)
  const random = createRandom()
  beforeAll(async () => {
    console.log(`long results on the ${name} form: E2E_SEED=${random.seed}`)
    await addLedger(stage.form, stage.upstream, 'ledger')
  })

  it('are the same on every surface, however they are reached', async () => {
    const { form } = stage
    const { body } = await execute(form, MILLION)
    const { executionId, structured, text } = body as {
      executionId: string
      structured: { result: unknown }
      text: string
    }
    const agent = await connectAgent(form)
    const shown = await agent.callTool({ name: 'execute', arguments: { code: MILLION } })
    await agent.close()
    const again = await succeed(form, 'POST', `/api/executions/${executionId}/rerun`, {})
    const { id } = again.body as { id: string }
    const rerun = await settled(form, id)

    const whole = await succeed(form, 'GET', `/api/executions/${executionId}/result`)
    expect(whole.text).toBe(`{"ok":true,"value":${million},"emitted":[],"logs":[]}`)
    expect(JSON.stringify(structured.result) === million).toBe(true)
    expect(
      text.endsWith(`1000000 items. The whole result: GET /api/executions/${executionId}/result]`),
    ).toBe(true)
    const { result } = shown.structuredContent as { result: unknown }
    expect(JSON.stringify(result) === million).toBe(true)
    expect(rerun).toMatchObject({
      result: null,
      resultTruncated: true,
      resultBytes: whole.text.length,
    })
    expect((await succeed(form, 'GET', `/api/executions/${id}/result`)).text).toBe(whole.text)
  })

  it('are kept of steps, and with the code and what was emitted', async () => {
    const { form } = stage
    const id = 'ü😀'.repeat(100_000)
    const code = `// ${'long '.repeat(50_000)}
      emit('x'.repeat(300_000))
      const { ok } = await tools.${READ}({ id: 'ü😀'.repeat(100_000) })
      return typeof ok`

    const run = await settled(form, await start(form, code))

    expect(run).toMatchObject({ status: 'completed', code, stepCount: 1 })
    expect(run.steps[0]?.arguments).toEqual({ id })
    const whole = await succeed(form, 'GET', `/api/executions/${run.id}/result`)
    expect(whole.body).toMatchObject({ value: 'boolean', emitted: ['x'.repeat(300_000)] })
  })

  it.each(disasters.filter(({ isSlow }) => !isSlow))(
    'are whole after $name',
    async (disaster) => {
      const { form } = stage
      const ids: string[] = []
      for (let index = 0; index < RUNS_PER_ROUND; index++) {
        ids.push(await start(form, MILLION))
        await sleep(random.integer(0, LIFE_MS / 2))
      }
      await sleep(random.integer(0, LIFE_MS))
      await form.strike(disaster.name)

      for (const id of ids) {
        const run = await settled(form, id)
        expect(run).toMatchObject({ status: 'completed', resultTruncated: true })
        const whole = await succeed(form, 'GET', `/api/executions/${id}/result`)
        expect(whole.text === `{"ok":true,"value":${million},"emitted":[],"logs":[]}`).toBe(true)
      }
    },
    120_000,
  )
})
