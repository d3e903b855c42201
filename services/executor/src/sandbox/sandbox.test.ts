import { afterAll, describe, expect, it } from 'vitest'
import { anInput, RecordingHost, STARTED_AT } from './fixtures.ts'
import { createSandboxPool, type SandboxInput, type SandboxOutcome, Suspend } from './sandbox.ts'

const pool = createSandboxPool({ threads: 1 })
afterAll(() => pool.close())

const run = (code: string, host = new RecordingHost(), more: Partial<SandboxInput> = {}) =>
  pool.run(anInput(code, more), host)
const resultOf = (outcome: SandboxOutcome): unknown => {
  expect(outcome).toMatchObject({ status: 'completed' })
  return outcome.status === 'completed' && outcome.result !== undefined
    ? JSON.parse(outcome.result)
    : undefined
}
const errorOf = (outcome: SandboxOutcome) => {
  expect(outcome.status).toBe('error')
  return outcome.status === 'error' ? outcome.error : undefined
}

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

  it('reaches tools by both spellings of their path', async () => {
    const host = new RecordingHost()

    const outcome = await run(
      'const one = await tools.github.org.main.issues.create({ title: "a" })\n' +
        'const two = await tools["github.org.main.issues.create"]({ title: "b" })\n' +
        'await tools.search({ query: "x" })\n' +
        'await tools.describe.tool({ path: "y" })\n' +
        'await tools.github.org.main.list()\n' +
        'return [one, two]',
      host,
    )

    expect(host.asked.map(({ index, path, args }) => [index, path, args])).toEqual([
      [0, 'github.org.main.issues.create', '{"title":"a"}'],
      [1, 'github.org.main.issues.create', '{"title":"b"}'],
      [2, 'search', '{"query":"x"}'],
      [3, 'describe.tool', '{"path":"y"}'],
      [4, 'github.org.main.list', '{}'],
    ])
    expect(resultOf(outcome)).toMatchObject([
      { ok: true, data: { args: { title: 'a' } } },
      { ok: true, data: { args: { title: 'b' } } },
    ])
  })

  it('hands the script whatever the host answers, as plain data', async () => {
    const envelope = { ok: false, error: { code: 'tool_not_found', message: 'No such tool.' } }
    const host = new RecordingHost(() => ({ json: JSON.stringify(envelope) }))

    expect(resultOf(await run('return await tools.nothing({})', host))).toEqual(envelope)
  })

  it('answers a call with a failure where the answer does not fit the sandbox', async () => {
    const host = new RecordingHost(() => ({ json: `{"ok":true,"data":"${'x'.repeat(17e6)}"}` }))

    expect(resultOf(await run('return await tools.big({})', host))).toEqual({
      ok: false,
      error: {
        code: 'upstream_response_too_large',
        message: 'The answer has 17000021 bytes, more than fits the sandbox. Ask for less at once.',
      },
    })
  })

  it('throws in the script what the host says is thrown', async () => {
    const host = new RecordingHost(() => ({
      json: '{"name":"TypeError","message":"query is missing"}',
      throws: true,
    }))

    const caught = 'try { await tools.search({}) } catch (error) { return String(error) }'

    expect(resultOf(await run(caught, host))).toBe('TypeError: query is missing')
    expect(errorOf(await run('\nawait tools.search({})', host))).toMatchObject({
      kind: 'script_error',
      message: expect.stringContaining('TypeError: query is missing'),
    })
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

  it.each([
    ['new TypeError("why")', { name: 'TypeError', message: 'why' }],
    [
      '{ error: Object.assign(new Error("no"), { code: "E1", details: { id: 7 } }) }',
      { error: { name: 'Error', message: 'no', code: 'E1', details: { id: 7 } } },
    ],
    [
      'await Promise.allSettled([Promise.reject(new TypeError("why"))])',
      [{ status: 'rejected', reason: { name: 'TypeError', message: 'why' } }],
    ],
    [
      'new AggregateError([new Error("x"), 1], "many", { cause: new Error("z") })',
      {
        name: 'AggregateError',
        message: 'many',
        cause: { name: 'Error', message: 'z' },
        errors: [{ name: 'Error', message: 'x' }, 1],
      },
    ],
    ['new Map([["a", 1], ["__proto__", new Set([2])]])', JSON.parse('{"a":1,"__proto__":[2]}')],
    [
      'new Map([[1, "a"], ["b", new Map()]])',
      [
        [1, 'a'],
        ['b', {}],
      ],
    ],
    ['[new Set([1, new Error("x")])]', [[1, { name: 'Error', message: 'x' }]]],
    ['new (class extends Map { toJSON() { return "mine" } })()', 'mine'],
    ['(Error.prototype.toJSON = () => "ours", [new Error("x")])', ['ours']],
    ['Object.freeze(Error.prototype) && { e: new Error("x") }', { e: {} }],
    ['[JSON.stringify(new Error("x")), JSON.stringify(new Map([[1, 2]]))]', ['{}', '{}']],
  ])('keeps errors, maps and sets: %s', async (value, expected) => {
    expect(resultOf(await run(`return ${value}`))).toEqual(expected)
  })

  it('keeps them in what it emits and asks for', async () => {
    const host = new RecordingHost()

    const outcome = await run(
      'emit({ error: new Error("x") })\nawait tools.x(new Map([["ids", new Set([1])]]))\n' +
        'return "toJSON" in Error.prototype || "toJSON" in Map.prototype',
      host,
    )

    expect(outcome.emitted).toEqual(['{"error":{"name":"Error","message":"x"}}'])
    expect(host.asked[0]?.args).toBe('{"ids":[1]}')
    expect(resultOf(outcome)).toBe(false)
  })

  it('passes on what is nested 500 levels deep, and says so of what is deeper', async () => {
    const host = new RecordingHost()
    const nest =
      'const nest = (n) => { let o = {}; for (let i = 1; i < n; i += 1) o = { o }; return o }\n'
    const caught = (code: string) => `${nest}try { ${code} } catch (error) { return String(error) }`

    expect(
      await run(`${nest}emit(nest(500)); await tools.x(nest(500)); return nest(500)`),
    ).toMatchObject({ status: 'completed' })
    expect(errorOf(await run(`${nest}return nest(501)`))).toEqual({
      kind: 'script_error',
      message:
        'The result of the script is nested deeper than 500 levels: flatten it, or pass on only a part.',
    })
    expect(resultOf(await run(caught('await tools.x(nest(501))'), host))).toMatch(
      /^RangeError: The arguments of this call are nested deeper than 500 levels/,
    )
    expect(resultOf(await run(caught('emit(nest(501))')))).toMatch(
      /^RangeError: What is emitted is nested deeper than 500 levels/,
    )
    expect(host.asked).toEqual([])
  })

  it('says what to do where a script returns a tool, or all of them', async () => {
    expect(errorOf(await run('return tools.a.b'))?.message).toContain(
      'The script returned the tool tools.a.b itself. Call it: return await tools.a.b({ … }).',
    )
    expect(errorOf(await run('return tools'))?.message).toContain(
      'The script returned tools itself. Call one of them, as in return await tools.search({ query: "…" }).',
    )
  })

  it('does not take a node of the tools proxy for a promise', async () => {
    expect(resultOf(await run('const node = await tools.github; return typeof node'))).toBe(
      'function',
    )
    expect(resultOf(await run('return "" + tools.a.b'))).toBe('tools.a.b')
  })

  it.each([
    ['Object.keys(tools)'],
    ['({ ...tools })'],
    ['for (const key in tools.github) {}'],
    ['"github" in tools'],
    ['tools.github = 1'],
    ['delete tools.github'],
    ['tools()'],
  ])('names tools.search when a script tries %s', async (code) => {
    expect(errorOf(await run(code))?.message).toContain('tools.search({ query:')
  })

  it('makes parallel calls at once, and no more at a time than it may', async () => {
    let most = 0
    let now = 0
    const host = new RecordingHost(async ({ index }) => {
      now += 1
      most = Math.max(most, now)
      await new Promise((resolve) => setImmediate(resolve))
      now -= 1
      return { json: String(index) }
    })

    const outcome = await run(
      'return await Promise.all(Array.from({ length: 30 }, () => tools.x({})))',
      host,
      { limits: { concurrentCallsMax: 8 } },
    )

    expect(resultOf(outcome)).toEqual(Array.from({ length: 30 }, (_, index) => index))
    expect(most).toBe(8)
  })

  it('keeps what is emitted and logged, in order', async () => {
    const outcome = await run(
      'emit("text")\n' +
        'emit({ type: "image", data: "aGk=", mimeType: "image/png" })\n' +
        'console.log("found", 3, { a: [1, "b", null], ["c-d"]: undefined })\n' +
        'console.warn(new TypeError("odd"), new Map([[1, { two: 2 }]]))\n' +
        'const circle = {}; circle.self = circle; console.error(circle, tools.a.b)',
    )

    expect(outcome.emitted).toEqual([
      '"text"',
      '{"type":"image","data":"aGk=","mimeType":"image/png"}',
    ])
    expect(outcome.logs).toEqual([
      { level: 'info', text: 'found 3 { a: [ 1, "b", null ], "c-d": undefined }', at: STARTED_AT },
      { level: 'warn', text: 'TypeError: odd Map { 1 => { two: 2 } }', at: STARTED_AT },
      { level: 'error', text: '{ self: [circular] } [tool a.b]', at: STARTED_AT },
    ])
  })

  it('tells logs and emitted values while the script runs', async () => {
    const told: unknown[] = []
    const host = Object.assign(new RecordingHost(), {
      log: (line: { text: string }, position: number) => told.push([line.text, position]),
      emit: (json: string, position: number) => told.push([json, position]),
    })

    await run('console.log("a"); await tools.x({}); console.log("b"); emit(1)', host)

    expect(told).toEqual([
      ['a', 0],
      ['b', 1],
      ['1', 0],
    ])
  })

  it('shows the line of a syntax error', async () => {
    expect(errorOf(await run('const a = 1\nconst b = = 2\nreturn a'))).toEqual({
      kind: 'syntax_error',
      message: 'SyntaxError: Unexpected token\n1 | const a = 1\n2 | const b = = 2\n  |           ^',
      line: 2,
      column: 11,
    })
  })

  it.each([
    ['namespace N { export const a = 1 }\nreturn N.a', 1, 1],
    ['const b = 1; export namespace N { export const a = b }\nreturn N.a', 1, 21],
    ['\nmodule N {\n  // values\n  tools.x({})\n}', 2, 1],
    ['namespace N { export interface A { a: 1 } }\nnamespace N { let a = 1 }', 2, 1],
  ])('refuses a namespace instead of leaving it out: %s', async (code, line, column) => {
    const error = errorOf(await run(code))

    expect(error).toMatchObject({ kind: 'syntax_error', line, column })
    expect(error?.message).toContain('There are no namespaces here. Make N an object: const N = {')
  })

  it.each([
    [
      'namespace N {\n  /* types */\n  export interface A { a: number }\n  type B = 1\n}\nconst n: N.A = { a: 1 }\nreturn n.a',
    ],
    ['declare namespace N { namespace M { const a: 1 } }\ndeclare module "x" { }\nreturn 1'],
    ['const text = `\nnamespace N { let a = 1 }\n`\nreturn text.length - 26'],
    ['// x\n/*\nnamespace N { let a = 1 }\n*/\nreturn 1'],
    ['const module = 0, namespace = 1\nreturn module || namespace'],
  ])('takes types in a namespace for types: %s', async (code) => {
    expect(resultOf(await run(code))).toBe(1)
  })

  it('shows where an error was thrown, in the lines of the script', async () => {
    const error = errorOf(
      await run(
        'type A = { b: string }\nfunction f(a: A) {\n  return a.c.d\n}\nreturn f({ b: "" })',
      ),
    )

    expect(error).toMatchObject({ kind: 'script_error', line: 3 })
    expect(error?.message).toBe(
      "TypeError: cannot read property 'd' of undefined\n" +
        '2 | function f(a: A) {\n3 |   return a.c.d\n  |             ^',
    )
    expect(error?.stack).toBe('at f (line 3:13)\nat <anonymous> (line 5:9)')
  })

  it.each([
    ['throw "a text"', 'a text'],
    ['throw { code: 7 }', '{ code: 7 }'],
    ['throw undefined', 'undefined'],
    ['throw null', 'null'],
    ['throw Object.assign(new Error("x"), { name: "Odd" })', 'Odd: x'],
    ['await Promise.reject(new Error("late", { cause: "early" }))', 'Error: late (because early)'],
    [
      'await Promise.any([Promise.reject(new TypeError("a")), Promise.reject("b")])',
      'AggregateError: (2 errors: TypeError: a; b)',
    ],
    [
      'throw new AggregateError([new Error("x"), new Error("y", { cause: new Error("z") })], "many")',
      'AggregateError: many (2 errors: Error: x; Error: y (because Error: z))',
    ],
    [
      'throw new AggregateError(Array.from({ length: 5000 }, (_, i) => i), "many")',
      'many (5000 errors: 0; 1; 2; 3; 4; 5; 6; 7; 8; 9; … 4990 more)',
    ],
    ['const e = new Error("round"); e.cause = e; throw e', 'Error: round (because [circular])'],
    ['throw Object.defineProperty(new Error("odd"), "cause", { get() { throw 1 } })', 'Error: odd'],
  ])('describes what %s throws', async (code, message) => {
    expect(errorOf(await run(code))?.message).toContain(message)
  })

  it.each([
    ['const fs = require("fs")', 'There are no modules here'],
    ['import fs from "fs"\nreturn fs.readFileSync("x")', 'There are no modules here'],
    ['await import("fs")', 'There are no modules here'],
    ['return Buffer.from("a")', 'There is no Buffer here'],
    ['return new Intl.DateTimeFormat()', 'There is no Intl here'],
    ['return process.env', 'reached through tools'],
    ['await fetch("https://example.com")', 'fetch is not available'],
  ])('says what to use instead of %s', async (code, hint) => {
    expect(errorOf(await run(code))?.message).toContain(hint)
  })

  it('ends a script that waits for what will never come', async () => {
    expect(errorOf(await run('await new Promise(() => {})'))?.message).toContain(
      'nothing will settle',
    )
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

  it('sends every call that was made before a result was returned, and names those without an answer', async () => {
    const host = new RecordingHost(() => new Promise(() => {}))

    const outcome = await run(
      'for (let i = 0; i < 3; i += 1) tools.write({ i })\nreturn "sent"',
      host,
    )

    expect(resultOf(outcome)).toBe('sent')
    expect(host.asked).toHaveLength(3)
    expect(outcome.unsettled).toEqual([0, 1, 2])
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
