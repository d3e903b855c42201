import { afterAll, describe, expect, it } from 'vitest'
import { errorOf, resultOf, runIn } from './fixtures.ts'
import { createSandboxPool } from './sandbox.ts'

const pool = createSandboxPool({ threads: 1 })
const run = runIn(pool)
afterAll(() => pool.close())

describe('promises of a script', { timeout: 60_000 }, () => {
  it('ends a script that waits for what will never come', async () => {
    expect(errorOf(await run('await new Promise(() => {})'))?.message).toContain(
      'nothing will settle',
    )
  })

  it.each([
    ['const main = async () => { await 0; throw new Error("boom") }; main()'],
    ['const main = async (n) => { await 0; throw new Error("boom") }\nmain(1)'],
    ['const go = async () => { throw new Error("boom") }\nvoid go()'],
    ['[1].forEach(async () => { await tools.x({}); throw new Error("boom") })'],
    ['Promise.reject(new Error("boom"))'],
    ['tools.x({}).then(() => { throw new Error("boom") })'],
    ['setTimeout(async () => { throw new Error("boom") }, 1)'],
    ['queueMicrotask(() => { throw new Error("boom") })'],
    ['async function main() { throw new Error("boom") }\nfor (const i of [1, 2])\nmain()'],
  ])('fails with what nothing handled where there is no result: %s', async (code) => {
    expect(errorOf(await run(code))).toMatchObject({
      kind: 'script_error',
      message: expect.stringMatching(/^Error: boom\n/),
    })
  })

  it('logs what nothing handled beside a result', async () => {
    const outcome = await run(
      'const fail = async (n) => {\n  throw new Error("boom " + n)\n}\n' +
        'for (let n = 0; n < 12; n += 1) fail(n)\nPromise.reject("a text")\nreturn 1',
    )

    expect(resultOf(outcome)).toBe(1)
    expect(outcome.logs.map(({ level, text }) => `[${level}] ${text}`)).toEqual([
      ...Array.from(
        { length: 10 },
        (_, n) => `[error] Unhandled rejection: Error: boom ${n} (line 2)`,
      ),
      '[error] 3 more rejections were not handled.',
    ])
  })

  it.each([
    ['at once', 'await Promise.reject(new Error("x")).catch(() => 1)'],
    ['later', 'const p = Promise.reject(1); await 0; await tools.x({}); await p.catch(() => 1)'],
    ['by try', 'const f = async () => { throw 1 }; try { await f() } catch {}'],
    ['by try around a loop', 'try { for await (const x of [Promise.reject(1)]) {} } catch {}'],
    [
      'in a generator',
      'async function* g() { yield 1; throw 2 }\ntry { for await (const x of g()) {} } catch {}',
    ],
    ['together', 'await Promise.allSettled([1, 2].map(async () => { throw 1 }))'],
    ['in a race', 'await Promise.race([1, Promise.reject(2)])'],
    ['as one of several', 'await Promise.any([1, Promise.reject(2)])'],
    ['by what adopts it', 'const f = async () => Promise.reject(1); await f().then(null, () => 1)'],
    [
      'where promises come and go',
      'for (let i = 0; i < 5000; i += 1) await Promise.reject(i).catch(() => 1)',
    ],
  ])('says nothing of a rejection that is handled %s', async (_how, code) => {
    expect(await run(code)).toMatchObject({ status: 'completed', logs: [] })
    expect(await run(`${code}\nreturn 1`)).toMatchObject({ status: 'completed', logs: [] })
  })
})
