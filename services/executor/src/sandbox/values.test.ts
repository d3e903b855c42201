import { afterAll, describe, expect, it } from 'vitest'
import { errorOf, RecordingHost, resultOf, runIn, STARTED_AT } from './fixtures.ts'
import { createSandboxPool } from './sandbox.ts'

const pool = createSandboxPool({ threads: 1 })
const run = runIn(pool)
afterAll(() => pool.close())

describe('what a script hands on', { timeout: 60_000 }, () => {
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
    [
      '[1, 2].map(async (n) => n)',
      ['Promise (await it to see its value)', 'Promise (await it to see its value)'],
    ],
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
})
