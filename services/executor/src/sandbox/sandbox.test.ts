import { afterAll, describe, expect, it } from 'vitest'
import { anInput, errorOf, RecordingHost, resultOf, runIn, STARTED_AT } from './fixtures.ts'
import { createSandboxPool, Suspend } from './sandbox.ts'

const pool = createSandboxPool({ threads: 1 })
const run = runIn(pool)
afterAll(() => pool.close())

describe('createSandboxPool', { timeout: 60_000 }, () => {
  it('answers with what the script returns', async () => {
    const outcome = await run(
      'const total: number = [1, 2, 3].reduce((a, b) => a + b)\nreturn { total }',
    )

    expect(outcome).toEqual({
      status: 'completed',
      result: '{"total":6}',
      logs: [],
      emitted: [],
      calls: 0,
      unsettled: [],
      clock: STARTED_AT,
    })
  })

  it('has no result for a script without a return', async () => {
    expect(await run('1 + 1')).not.toHaveProperty('result')
    expect(await run('return undefined')).not.toHaveProperty('result')
    expect(resultOf(await run('return null'))).toBeNull()
  })

  it('runs a script whole, however often it starts functions of its own', async () => {
    const host = new RecordingHost()

    await run(
      '(async () => { await tools.first({}) })();\n(async () => { await tools.second({}) })();',
      host,
    )
    await run(
      'async function main() { await tools.third({}) }\nfor (const i of [1, 2])\nmain()',
      host,
    )

    expect(host.asked.map(({ path }) => path)).toEqual(['first', 'second', 'third', 'third'])
  })

  it('waits for work that a script without a result left running', async () => {
    const host = new RecordingHost()

    const outcome = await run(
      'void (async () => {\n' +
        '  await tools.first({})\n' +
        '  await new Promise((resolve) => setTimeout(resolve, 5))\n' +
        '  await tools.second({})\n' +
        '  console.log("done")\n' +
        '})()',
      host,
    )

    expect(host.asked.map((call) => call.path)).toEqual(['first', 'second'])
    expect(outcome.logs).toMatchObject([{ text: 'done' }])
  })

  it('sleeps in real time, on its own clock', async () => {
    const startedAt = Date.now()

    const outcome = await run(
      'const before = Date.now()\n' +
        'await new Promise((resolve) => setTimeout(resolve, 40))\n' +
        'return Date.now() - before',
      new RecordingHost(),
      { startedAt },
    )

    expect(resultOf(outcome)).toBe(40)
    expect(Date.now()).toBeGreaterThanOrEqual(startedAt + 40)
  })

  it('goes to sleep when the host says so, and wakes from its journal', async () => {
    const code =
      'const draft = await tools.draft({})\n' +
      'console.log("drafted")\n' +
      'const sent = await tools.send({ draft })\n' +
      'return [draft, sent, Date.now()]'
    let isApproved = false
    const host = new RecordingHost(({ path }) => {
      if (path === 'send' && !isApproved) throw new Suspend()
      return { json: JSON.stringify(path) }
    })

    const asleep = await run(code, host)
    isApproved = true
    const woken = await run(code, host, { replay: [...host.journal], clock: asleep.clock })

    expect(asleep).toMatchObject({ status: 'suspended', wakeAt: null, calls: 2, unsettled: [1] })
    expect(resultOf(woken)).toEqual(['draft', 'send', host.journal[1]?.settledAt])
    expect(woken.logs).toMatchObject([{ text: 'drafted' }])
    expect(host.asked.map((call) => call.path)).toEqual(['draft', 'send', 'send'])
  })

  it('says when a sleeping script wants to be woken', async () => {
    const host = new RecordingHost(() => {
      throw new Suspend()
    })

    const outcome = await run(
      'return await Promise.race([tools.ask({}), new Promise((r) => setTimeout(r, 3_600_000, "late"))])',
      host,
      { startedAt: Date.now() },
    )

    expect(outcome).toMatchObject({ status: 'suspended', wakeAt: outcome.clock + 3_600_000 })
  })

  it('tells whoever started the run what the host failed with', async () => {
    const host = new RecordingHost(() => {
      throw new RangeError('the store is gone')
    })

    await expect(run('await tools.x({})', host)).rejects.toThrow('the store is gone')
  })

  it('ends when it is cancelled, and tells the calls under way', async () => {
    const controller = new AbortController()
    let signal: AbortSignal | undefined
    const host = new RecordingHost((_call, callSignal) => {
      signal = callSignal
      controller.abort()
      return new Promise(() => {})
    })

    const outcome = await pool.run(anInput('await tools.x({})'), host, controller.signal)

    expect(errorOf(outcome)).toMatchObject({ kind: 'cancelled' })
    expect(signal?.aborted).toBe(true)
  })

  it('stops a script that spins when it is cancelled', async () => {
    const controller = new AbortController()
    const host = new RecordingHost(() => {
      setTimeout(() => controller.abort(), 20)
      return { json: 'null' }
    })

    const outcome = await pool.run(
      anInput('await tools.x({}); for (;;) {}'),
      host,
      controller.signal,
    )

    expect(errorOf(outcome)).toMatchObject({ kind: 'cancelled' })
  })

  it('does not count the time that calls take', async () => {
    const host = new RecordingHost(async () => {
      await new Promise((resolve) => setTimeout(resolve, 1300))
      return { json: '1' }
    })

    expect(
      resultOf(await run('return await tools.slow({})', host, { limits: { wallMs: 1000 } })),
    ).toBe(1)
  })

  it('counts the time that a script sleeps', async () => {
    const code = 'await new Promise((resolve) => setTimeout(resolve, 60_000))'

    const outcome = await run(code, new RecordingHost(), {
      startedAt: Date.now(),
      limits: { wallMs: 50 },
    })

    expect(errorOf(outcome)).toMatchObject({ kind: 'timeout' })
  })

  it('refuses more code than a program has', async () => {
    await expect(run(`return "${'x'.repeat(2 ** 20)}"`)).rejects.toMatchObject({
      reason: 'code_too_long',
    })
  })
})
