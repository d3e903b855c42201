import { describe, expect, it } from 'vitest'
import { prepareScript } from './code.ts'

/** What the script comes to when it is read like the sandbox reads it. */
async function evaluate(code: string): Promise<unknown> {
  let main: () => Promise<unknown>
  try {
    main = new Function(`return ${prepareScript(code).reading.text}`)()
  } catch {
    return 'does not compile'
  }
  return main()
}

describe('prepareScript', () => {
  it.each([
    ['a body', 'const a = 1\nreturn a + 1', 2],
    ['top-level await', 'return (await Promise.resolve(2)) + 1', 3],
    ['no result', '1 + 1', undefined],
    [
      'types',
      'interface A { b: number }\nconst a: A = { b: 1 } as A\nreturn a!.b satisfies number',
      1,
    ],
    ['type arguments', 'return new Set<string>(["a"]).size', 1],
    ['an enum', 'enum Color { Red, Green }\nreturn Color.Green', 1],
    ['a fence', '```ts\nreturn 1\n```', 1],
    ['a fence with more around', '\n```typescript title="x"\nreturn 2\n```\nThat was it.', 2],
    ['a fence that never closes', '```js\nreturn 3', 3],
    ['a line for the shell', '#!/usr/bin/env node\nreturn 2', 2],
    ['a fence in a text', 'return "\\n```\\nx\\n```".length', 10],
    ['a lone arrow', 'async () => { return 4 }', 4],
    ['a lone arrow with an expression', '() => 5;', 5],
    ['a lone arrow after a comment', '// adds\n/* twice */ async (t) => 6', 6],
    ['a lone function', 'async function main() {\n  return 7\n}', 7],
    ['a lone function without a name', 'function () { return 8 }', 8],
    ['a function called at once', '(async () => { return 9 })()', 9],
    ['a default export', 'export default async function () { return 10 }', 10],
    ['a default export with helpers', 'const n = 11\nexport default () => n', 11],
    ['other exports', 'export const n = 12\nreturn n', 12],
    ['a function and its call', 'async function main() { return 13 }\nmain()', 13],
    ['an arrow and its call', 'const run = async () => 14\nrun();\n', 14],
    ['a call that is awaited', 'async function main() { return 32 }\nawait main()', 32],
    ['an awaited block', 'const n = 33;\nawait (async () => n)();', 33],
    [
      'an awaited call with a catch',
      'const run = async () => { throw 34 }\nawait run().catch((n) => n)',
      34,
    ],
    [
      'an awaited call of something else',
      'const f = async () => 1\nawait Promise.resolve(f)',
      undefined,
    ],
    ['a call with a catch', 'async function main() { throw 15 }\nmain().catch((n) => n)', 15],
    ['a block on its own line', 'const n = 17;\n(async () => {\n  return n\n})();', 17],
    ['a function that is used otherwise', 'function f() { return 1 }\nreturn f() + 17', 18],
    ['an arrow and more', '(x) => x\nreturn 19', 19],
    ['a byte order mark', '\uFEFFreturn 20', 20],
    ['a call with arguments', 'const run = async (n) => n + 1\nrun(21)', 22],
    ['a call on the line of its function', 'const run = async () => 23; run(); // go', 23],
    ['a call followed by a comment', 'async function main() { return 24 }\nmain() /* go\n */', 24],
    [
      'several blocks',
      'const seen = [];\n(async () => { seen.push(1) })();\n(async () => { seen.push(2); return seen })();',
      [1, 2],
    ],
    [
      'a call in a loop',
      'async function main() { return 1 }\nfor (const i of [1, 2])\nmain()',
      undefined,
    ],
    ['a call in a branch', 'const main = async () => 1\nif (false)\nmain()', undefined],
    ['a call of something else', 'async function main() { return 1 }\nString(1)', undefined],
    [
      'a function before a parenthesis',
      'function add(a, b) { return a + b }\n(async () => { return add(12, 13) })()',
      25,
    ],
    [
      'a function before a bracket',
      "let seen\nfunction low(s) { return s.toLowerCase() }\n['A'].map((s) => { seen = low(s) })\nreturn seen",
      'a',
    ],
    ['only a function before a bracket', "function low(s) { return s }\n['A'].map(low)", undefined],
    ['a function before a template', 'function f() { return 1 }\n`x`.length', undefined],
    [
      'a function before a regular expression',
      'function f() { return 1 }\n/a/.test("a")',
      undefined,
    ],
    ['a value in parentheses', '(await Promise.resolve(26))', 26],
    [
      'a named default export',
      'const n = 27\nexport default async function main() { return n }',
      27,
    ],
    [
      'a default export that is called',
      'let n = 0\nexport default async function main() { n += 28; return n }\nmain()',
      28,
    ],
    [
      'a default export before a parenthesis',
      'export default function () { return 29 }\n(1 + 1)',
      29,
    ],
    ['an export over two lines', 'export\nconst n = 30\nreturn n', 30],
    ['many comments', `${'/**/'.repeat(64)}return 31`, 31],
    ['an exported line in a text', 'return `\nexport const a = 1`.length', 19],
  ])('reads %s', async (_what, code, expected) => {
    expect(await evaluate(code)).toEqual(expected)
  })

  it('keeps line numbers', () => {
    const { source, reading } = prepareScript(
      '```ts\ntype A = {\n  b: string\n}\nreturn "x" as A\n```',
    )

    expect(source.split('\n')[4]).toBe('return "x" as A')
    expect(reading.text.split('\n')[4]).toContain('return "x"')
  })

  it('leaves it to QuickJS to refuse a name that is declared twice', () => {
    const { reading } = prepareScript('let a\nlet a\nexport const b = 1')

    expect(reading.text).toContain('let a\nlet a\nconst b = 1')
  })

  it('says where types cannot be read', () => {
    expect(prepareScript('const a: = 1').typeError).toMatchObject({
      message: 'Unexpected token',
      line: 1,
      column: 10,
    })
  })

  it('gives up on code that is nested too deeply', () => {
    expect(prepareScript('['.repeat(200_000)).typeError).not.toBeNull()
  })
})
