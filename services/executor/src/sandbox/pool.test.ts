import { afterEach, describe, expect, it, vi } from 'vitest'
import { anInput, RecordingHost } from './fixtures.ts'
import { createSandboxPool, type SandboxPool, type SandboxPoolOptions } from './sandbox.ts'

let pool: SandboxPool
afterEach(() => pool.close())

const openPool = (options: Partial<SandboxPoolOptions> = {}) => {
  pool = createSandboxPool({ threads: 1, ...options })
  return pool
}
/** Longer than a run may hold a thread that it shares. */
const COMPUTING = 'let sum = 0\nfor (let i = 0; i < 4e7; i += 1) sum += i % 7\n'
/** So many turns of a million steps each are longer than a run may compute beside others, all together. */
const TURNS = 90
/** One native operation, which nothing interrupts. */
const STUCK = 'Array.prototype.indexOf.call({ length: 2 ** 53 - 1 }, 1)'

describe('a pool', { timeout: 60_000 }, () => {
  it('starts nothing before the first run', () => {
    expect(openPool().use()).toEqual({ threads: 0, running: 0, queued: 0 })
  })

  it('moves a run that computes for long to a thread apart, without repeating its calls', async () => {
    const host = new RecordingHost(({ index }) => ({ json: String(index + 1) }))
    const told: string[] = []
    Object.assign(host, { log: (line: { text: string }) => told.push(line.text) })

    const outcome = await openPool().run(
      anInput(
        `const a = await tools.write({ n: 1 })\nconsole.log("first")\n${COMPUTING}` +
          'console.log("second")\nconst b = await tools.write({ n: 2 })\nreturn [a, b, sum]',
      ),
      host,
    )

    expect(outcome).toMatchObject({ status: 'completed', result: '[1,2,119999995]' })
    expect(host.asked.map((call) => call.args)).toEqual(['{"n":1}', '{"n":2}'])
    expect(told).toEqual(['first', 'second'])
    expect(outcome.logs.map((line) => line.text)).toEqual(['first', 'second'])
    expect(pool.use().threads).toBe(2)
  })

  it('moves a run that keeps coming back for more', async () => {
    const host = new RecordingHost(() => ({ json: '1' }))
    const turn = 'for (let i = 0; i < 1e6; i += 1) sum += i % 7\nawait tools.x({})\n'

    const outcome = await openPool().run(
      anInput(`let sum = 0\nfor (let n = 0; n < ${TURNS}; n += 1) {\n${turn}}\nreturn sum`),
      host,
    )

    expect(outcome).toMatchObject({ status: 'completed' })
    expect(host.asked).toHaveLength(TURNS)
    expect(pool.use().threads).toBe(2)
  })

  it('starts the neighbours of a stuck run over, without repeating their calls', {
    timeout: 60_000,
  }, async () => {
    openPool({ limits: { cpuMs: 500 } })
    const held = Promise.withResolvers<{ json: string }>()
    const host = new RecordingHost(({ path }) => (path === 'held' ? held.promise : { json: '1' }))
    const neighbour = pool.run(
      anInput('const a = await tools.first({})\nconst b = await tools.held({})\nreturn [a, b]'),
      host,
    )
    await vi.waitFor(() => expect(host.asked).toHaveLength(2), { timeout: 15_000 })

    const stuck = pool.run(anInput(`await tools.x({})\n${STUCK}`), new RecordingHost())
    const after = await pool.run(anInput('return await tools.x({})'), new RecordingHost())
    held.resolve({ json: '2' })

    expect(after.status).toBe('completed')
    expect(await neighbour).toMatchObject({ status: 'completed', result: '[1,2]' })
    expect(host.asked).toHaveLength(2)
    expect(await stuck).toMatchObject({ status: 'error', error: { kind: 'cpu_limit' } })
  })

  it('finishes a hundred executions at once with twenty parallel calls each', async () => {
    openPool({ threads: 2 })
    const host = new RecordingHost(({ index }) => ({ json: String(index) }))
    const code =
      'const all = await Promise.all(Array.from({ length: 20 }, (_, i) => tools.x({ i })))\n' +
      'return all.reduce((a, b) => a + b)'

    const outcomes = await Promise.all(
      Array.from({ length: 100 }, () => pool.run(anInput(code), host)),
    )

    expect(outcomes.every((one) => one.status === 'completed' && one.result === '190')).toBe(true)
    expect(host.asked).toHaveLength(2000)
  })

  it('lets runs wait when its threads are full', async () => {
    openPool()
    const gate = Promise.withResolvers<void>()
    const host = new RecordingHost(async () => {
      await gate.promise
      return { json: '1' }
    })

    const runs = Array.from({ length: 70 }, () =>
      pool.run(anInput('return await tools.x({})'), host),
    )
    await vi.waitFor(() => expect(host.asked).toHaveLength(64), { timeout: 15_000 })
    const full = pool.use()
    gate.resolve()

    expect(full).toEqual({ threads: 1, running: 64, queued: 6 })
    expect((await Promise.all(runs)).every((one) => one.status === 'completed')).toBe(true)
  })

  it('ends the threads that nobody uses', async () => {
    openPool({ idleMs: 10 })

    await pool.run(anInput('return 1'), new RecordingHost())
    await vi.waitFor(() => expect(pool.use().threads).toBe(0), { timeout: 15_000 })
    const again = await pool.run(anInput('return 2'), new RecordingHost())

    expect(again).toMatchObject({ result: '2' })
  })

  it('has a thread ready before the first run', async () => {
    openPool()

    await Promise.all([pool.prepare(), pool.prepare()])

    expect(pool.use()).toEqual({ threads: 1, running: 0, queued: 0 })
    const first = await pool.run(anInput('return typeof items'), new RecordingHost())
    expect(first).toMatchObject({ result: '"undefined"', calls: 0, logs: [] })
  })

  it('leaves runs to their journals when it closes', async () => {
    openPool()
    const host = new RecordingHost(() => new Promise(() => {}))
    const run = pool.run(anInput('await tools.x({})'), host)
    await vi.waitFor(() => expect(host.asked).toHaveLength(1), { timeout: 15_000 })

    await pool.close()

    expect(await run).toMatchObject({ status: 'error', error: { kind: 'lost' }, unsettled: [0] })
    await expect(pool.run(anInput('return 1'), host)).rejects.toMatchObject({
      reason: 'sandbox_closed',
    })
  })

  it('tells why its threads cannot start', async () => {
    openPool({ files: { wasm: new URL('file:///nowhere/quickjs.wasm') } })

    await expect(pool.run(anInput('return 1'), new RecordingHost())).rejects.toThrow('ENOENT')
  })

  it('leaves a run to its journal that was told too much to start it over', {
    timeout: 60_000,
  }, async () => {
    const host = new RecordingHost(() => ({ json: JSON.stringify('x'.repeat(9 * 2 ** 20)) }))

    const outcome = await openPool().run(
      anInput(`await tools.x({})\nawait tools.x({})\n${COMPUTING}return sum`),
      host,
    )

    expect(outcome).toMatchObject({ status: 'error', error: { kind: 'lost' } })
  })

  it('does not start a run that is cancelled before', async () => {
    const host = new RecordingHost()

    const outcome = await openPool().run(anInput('await tools.x({})'), host, AbortSignal.abort())

    expect(outcome).toMatchObject({ status: 'error', error: { kind: 'cancelled' } })
    expect(host.asked).toEqual([])
  })
})
