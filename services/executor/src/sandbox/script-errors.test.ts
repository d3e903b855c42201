import { afterAll, describe, expect, it } from 'vitest'
import { errorOf, resultOf, runIn } from './fixtures.ts'
import { createSandboxPool } from './sandbox.ts'

const pool = createSandboxPool({ threads: 1 })
const run = runIn(pool)
afterAll(() => pool.close())

describe('errors of a script', { timeout: 60_000 }, () => {
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
    ['return import.meta.url', 'There are no modules here'],
    ['export * from "fs"', 'There are no modules here'],
    ['const a = 1\nexport { a }', 'return the result'],
    ['module.exports = () => 1', 'return the result'],
    ['[1].map((n) => { const r = await tools.a.b({ n }); return r })', 'put async before'],
    ['const f = (n: number) => [await n]', 'put async before'],
    ['function f() { for await (const n of []) {} }', 'put async before'],
    ['[1].map((n) => { await (n) })', 'put async before'],
    ['const r = tools.a.b({})\nif (!r.ok) return "failed"', 'no "ok": await the call'],
    ['const { items } = tools.search({ query: "a" })', 'no "items": await the call'],
    ['await tools.a.b({ id: tools.a.b({}) })', 'there is a promise in them, await it first'],
    ['return Buffer.from("a")', 'There is no Buffer here'],
    ['return new Intl.DateTimeFormat()', 'There is no Intl here'],
    ['return process.env', 'reached through tools'],
    ['await fetch("https://example.com")', 'fetch is not available'],
  ])('says what to use instead of %s', async (code, hint) => {
    expect(errorOf(await run(code))?.message).toContain(hint)
  })
})
