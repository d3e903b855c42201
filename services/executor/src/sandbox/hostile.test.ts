import { afterAll, describe, expect, it } from 'vitest'
import { anInput, RecordingHost } from './fixtures.ts'
import {
  createSandboxPool,
  type FailureKind,
  type SandboxLimits,
  type SandboxOutcome,
} from './sandbox.ts'

const pool = createSandboxPool({ threads: 1 })
afterAll(() => pool.close())

type Expected = FailureKind | { result: unknown }

/** Small where the attack would take its time to reach it. */
const LIMITS: Partial<Record<FailureKind, Partial<SandboxLimits>>> = {
  cpu_limit: { cpuMs: 100 },
  memory_limit: { memoryBytes: 16 * 2 ** 20 },
  stack_limit: { stackBytes: 128 * 2 ** 10 },
  output_limit: { outputBytes: 2 ** 20 },
}

const ATTACKS: [what: string, code: string, expected: Expected][] = [
  // Endless work.
  ['a loop', 'for (;;) {}', 'cpu_limit'],
  ['a loop that catches everything', 'for (;;) { try { for (;;) {} } catch {} }', 'cpu_limit'],
  ['a loop in finally', 'try { for (;;) {} } finally { for (;;) {} }', 'cpu_limit'],
  ['a loop in a promise job', 'await Promise.resolve().then(() => { for (;;) {} })', 'cpu_limit'],
  [
    'promise jobs that breed',
    'const breed = () => Promise.resolve().then(breed); breed(); breed(); await new Promise(() => {})',
    'cpu_limit',
  ],
  ['an endless await', 'for (;;) { try { await 0 } catch {} }', 'cpu_limit'],
  [
    'an endless generator',
    'function* f() { for (;;) yield 1 }\nreturn [...f()].length',
    'memory_limit',
  ],
  ['a getter of the result', 'return { get a() { for (;;) {} } }', 'cpu_limit'],
  ['toJSON of the result', 'return { toJSON() { for (;;) {} } }', 'cpu_limit'],
  ['a proxy as the result', 'return new Proxy({}, { ownKeys() { for (;;) {} } })', 'cpu_limit'],
  ['toJSON of arguments', 'await tools.x({ toJSON() { for (;;) {} } })', 'cpu_limit'],
  ['a thenable as the result', 'return { then() { for (;;) {} } }', 'cpu_limit'],
  ['the message of an error', 'throw { get message() { for (;;) {} } }', 'cpu_limit'],
  [
    'the stack of an error',
    'const e = new Error("x"); Object.defineProperty(e, "stack", { get() { for (;;) {} } }); throw e',
    'cpu_limit',
  ],
  ['a regular expression', 'return /^(a+)+$/.test("a".repeat(50) + "b")', 'cpu_limit'],
  [
    'replacing by a regular expression',
    'return "a".repeat(9e5).replace(/(a*)*b/, "")',
    'cpu_limit',
  ],
  ['a comparison that never agrees', '[3, 1, 2].sort(() => { for (;;) {} })', 'cpu_limit'],
  ['a timer', 'setTimeout(() => { for (;;) {} }, 1); await new Promise(() => {})', 'cpu_limit'],
  ['toString of a path', 'tools[{ toString() { for (;;) {} } }]', 'cpu_limit'],
  [
    'what the console shows',
    'console.log(new Proxy({}, { ownKeys() { for (;;) {} } }))',
    'cpu_limit',
  ],
  // Memory.
  ['an array that grows', 'const a = []; for (;;) a.push(a.length)', 'memory_limit'],
  ['a string that doubles', 'let s = "x"; for (;;) s += s', 'script_error'],
  [
    'strings kept',
    'const a = []; for (let i = 0; ; i += 1) a.push("x".repeat(1e5) + i)',
    'memory_limit',
  ],
  ['typed arrays', 'const a = []; for (;;) a.push(new Uint8Array(1e6))', 'memory_limit'],
  ['one huge buffer', 'return new ArrayBuffer(2 ** 31 - 1).byteLength', 'memory_limit'],
  ['a huge array', 'return new Array(2 ** 27).fill(0).length', 'memory_limit'],
  ['padding', 'return "".padStart(2 ** 29, "abc").length', 'memory_limit'],
  [
    'a map that grows',
    'const m = new Map(); for (let i = 0; ; i += 1) m.set(i, { i })',
    'memory_limit',
  ],
  ['promises kept', 'const a = []; for (;;) a.push(new Promise(() => {}))', 'memory_limit'],
  ['a huge number', 'return String(2n ** (2n ** 24n)).length', 'script_error'],
  [
    'a JSON bomb',
    'let o = ["x".repeat(1e5)]; for (let i = 0; i < 40; i += 1) o = [o, o]\nreturn o',
    'memory_limit',
  ],
  ['deep JSON', 'let o = {}; for (let i = 0; i < 1e5; i += 1) o = { o }\nreturn o', 'stack_limit'],
  [
    'memory that stays used up',
    'globalThis.a = []; try { for (;;) a.push({}) } catch {}\nfor (;;) a.push({})',
    'memory_limit',
  ],
  [
    'JSON that others cannot read',
    'let o = {}; for (let i = 0; i < 5000; i += 1) o = { o }\nreturn o',
    'script_error',
  ],
  // Stack.
  ['a recursion', 'const f = () => f() + 1; f()', 'stack_limit'],
  ['a recursive getter', 'const o = { get a() { return this.a } }; o.a', 'stack_limit'],
  [
    'a chain of proxies',
    'let p = {}; for (let i = 0; i < 1e5; i += 1) p = new Proxy(p, {})\np.x',
    'stack_limit',
  ],
  ['nested source', 'eval("(".repeat(1e5) + ")".repeat(1e5))', 'script_error'],
  ['nested code', `return ${'['.repeat(50_000)}${']'.repeat(50_000)}`, 'syntax_error'],
  [
    'nested text',
    'let a = []; for (let i = 0; i < 1e5; i += 1) a = [a]\nreturn String(a)',
    'stack_limit',
  ],
  // Floods.
  ['a flood of emitted values', 'for (;;) emit("x".repeat(1e5))', 'output_limit'],
  ['a flood of small values', 'for (;;) emit(1)', 'output_limit'],
  ['a huge result', 'return "x".repeat(2 ** 20 + 1)', 'output_limit'],
  ['a flood of calls', 'for (;;) tools.x({})', 'calls_limit'],
  [
    'ten thousand and one calls at once',
    'await Promise.all(Array.from({ length: 10_001 }, (_, i) => tools.x({ i })))',
    'calls_limit',
  ],
  [
    'huge arguments at once',
    'await Promise.all(Array.from({ length: 10 }, () => tools.x({ a: "x".repeat(7e6) })))',
    'calls_limit',
  ],
  ['huge arguments', 'await tools.x({ a: "x".repeat(1e7) })', 'script_error'],
  ['a huge path', 'await tools["x".repeat(1e5)]({})', 'script_error'],
  ['a flood of timers', 'for (;;) setTimeout(() => {}, 1000)', 'script_error'],
  [
    'a flood of rejections',
    'for (let i = 0; i < 1e5; i += 1) Promise.reject(i)\nreturn 1',
    { result: 1 },
  ],
  [
    'rejections that are kept',
    'const a = []; for (;;) a.push(Promise.reject(new Error("x")))',
    'memory_limit',
  ],
  ['a rejection that never lets go', 'Promise.reject({ get a() { for (;;) {} } })', 'cpu_limit'],
  [
    'rejections without a Promise',
    'const { reject } = Promise; Promise.prototype.then = Promise.prototype.catch = null\n' +
      'globalThis.Promise = Object; reject.call(async function () {}().constructor, 1)',
    'script_error',
  ],
  // Values that do not travel.
  ['arguments in a circle', 'const a = {}; a.a = a; await tools.x(a)', 'script_error'],
  ['a BigInt argument', 'await tools.x({ n: 1n })', 'script_error'],
  ['a function for arguments', 'await tools.x(() => 1)', 'script_error'],
  ['a text for arguments', 'await tools.x("text")', 'script_error'],
  ['a result in a circle', 'const a = {}; a.a = a; return a', 'script_error'],
  ['a map in a circle', 'const m = new Map(); m.set("m", m); return m', 'script_error'],
  ['a set in a circle', 'const s = new Set(); s.add([s]); return s', 'script_error'],
  ['errors in a circle', 'const e = new Error("x"); e.cause = e; return { e }', 'script_error'],
  [
    'a message that throws',
    'return { e: Object.defineProperty(new Error(), "message", { get() { throw 1 } }) }',
    'script_error',
  ],
  [
    'a name that never ends',
    'const e = new Error(); Object.defineProperty(e, "name", { get() { for (;;) {} } }); return [e]',
    'cpu_limit',
  ],
  [
    'errors without end',
    'const e = new Error(); Object.defineProperty(e, "cause", { get: () => Object.create(e) }); return e',
    'stack_limit',
  ],
  [
    'a broken Map',
    'Map.prototype.get = Map.prototype.set = Map = null; return [new Error("x")]',
    { result: [{ name: 'Error', message: 'x' }] },
  ],
  ['a BigInt result', 'return { n: 1n }', 'script_error'],
  ['a symbol result', 'return Symbol("x")', 'script_error'],
  ['a function result', 'return () => 1', 'script_error'],
  ['a getter that throws', 'return { get a() { throw new Error("no") } }', 'script_error'],
  [
    'a promise in the result',
    'return { a: Promise.resolve(1) }',
    { result: { a: 'Promise (await it to see its value)' } },
  ],
  [
    'promises whose fields are looked for all the same',
    'const p = tools.read({}); return [Reflect.ownKeys(p), p instanceof Promise, await Promise.all([p]).then((all) => all.length)]',
    { result: [[], true, 1] },
  ],
  ['a promise as the result', 'return Promise.resolve(Promise.resolve(2))', { result: 2 }],
  ['a NUL in a path', 'await tools["github.delete\\0.read"]({})', 'script_error'],
  ['code with a NUL', 'return "\0".length', { result: 1 }],
  [
    'half a character',
    'return ["\\ud800".length, (await tools.x({ a: "\\ud800" })).data.args.a.length]',
    { result: [1, 1] },
  ],
  [
    '__proto__ in arguments and answers',
    'const { data } = await tools.x(JSON.parse(\'{"__proto__":{"admin":true}}\'))\n' +
      'return [data.admin, data.args.admin, Object.hasOwn(data.args, "__proto__"), ({}).admin]',
    { result: [null, null, true, null] },
  ],
  // Ways out.
  [
    'the function constructor',
    'return Function("return [typeof process, typeof require, this === globalThis]")()',
    { result: ['undefined', 'function', true] },
  ],
  [
    'other function constructors',
    'const make = async function* () {}.constructor\n' +
      'for await (const v of make("yield typeof process")()) return v',
    { result: 'undefined' },
  ],
  [
    'the constructor of a tool',
    'return [typeof tools.constructor, Object.getPrototypeOf(tools) === Function.prototype]',
    { result: ['function', true] },
  ],
  [
    'the constructor of an answer',
    'const a = await tools.x({})\nreturn a.constructor.constructor("return typeof process")()',
    { result: 'undefined' },
  ],
  [
    'the constructor of an error of the sandbox',
    'try { await tools.x(1n) } catch (e) { return e.constructor.constructor("return typeof process")() }',
    { result: 'undefined' },
  ],
  [
    'preparing stack traces',
    'Error.prepareStackTrace = (_, frames) => frames\n' +
      'try { null.x } catch (e) { return typeof e.stack === "string" ? "text" : String(e.stack[0]?.getFunction?.()) }',
    { result: 'text' },
  ],
  [
    'paths in a stack trace',
    'try { await fetch() } catch (e) { return /quickjs|file:|node_modules|[.][jt]s/.test(e.stack) }',
    { result: false },
  ],
  [
    'globals that reach outside',
    'return ["process", "Deno", "Bun", "WebAssembly", "SharedArrayBuffer", "Atomics", "Worker", "std", "os", "scriptArgs", "print", "gc"].filter((name) => name in globalThis)',
    { result: [] },
  ],
  [
    'replaced built-ins',
    'Array.prototype.push = Map.prototype.set = Promise.prototype.then = () => { throw new Error("mine") }\n' +
      'Object.prototype.toJSON = undefined; JSON.stringify = () => "null"; JSON.parse = () => "forged"\n' +
      'return (await tools.x({ a: 1 })).data.args',
    { result: { a: 1 } },
  ],
  [
    'a forged toJSON of everything',
    'Object.prototype.toJSON = () => ({ forged: 1 }); throw new Error("x")',
    'script_error',
  ],
  [
    'breaking out of the wrapper',
    '}); globalThis.escaped = 1; (async function () { return globalThis.escaped',
    { result: 1 },
  ],
  [
    'native work that never ends',
    'Array.prototype.indexOf.call({ length: 2 ** 53 - 1 }, 1)',
    'cpu_limit',
  ],
]

/** An attack gives way to others at most this often before it is over. */
const WATCHING = 'for (let i = 0; i < 5; i += 1) await tools.ping({ i })\nreturn "well"'

describe('hostile code', { timeout: 60_000 }, () => {
  it.each(ATTACKS)('is refused: %s', async (_what, code, expected) => {
    const host = new RecordingHost(({ path, args }) => ({
      json: `{"data":{"path":${JSON.stringify(path)},"args":${args}}}`,
    }))
    const limits = typeof expected === 'string' ? LIMITS[expected] : undefined
    const attack = pool.run(anInput(code, limits === undefined ? {} : { limits }), host)
    const neighbour = await pool.run(anInput(WATCHING), new RecordingHost())

    expect(neighbour).toMatchObject({ status: 'completed', result: '"well"' })
    expect(seenIn(await attack)).toEqual(expected)
  })

  it('does not leave anything for the next run', async () => {
    const marks =
      'globalThis.left = "secret-7f3a"; Object.prototype.left = 1; tools.left; Math.random = () => 4\n' +
      'globalThis.held = Array.from({ length: 1e4 }, (_, i) => "secret-7f3a" + i); setTimeout(() => {}, 1e6)\n' +
      'return 1'
    const look =
      'return [typeof left, typeof held, "left" in {}, Math.random() === 4, Object.keys(globalThis).length]'

    await pool.run(anInput(marks), new RecordingHost())
    const seen = await pool.run(anInput(look), new RecordingHost())

    expect(seenIn(seen)).toEqual({ result: ['undefined', 'undefined', false, false, 0] })
  })

  it('cannot settle the calls of another run', async () => {
    const answer = Promise.withResolvers<{ json: string }>()
    const victim = pool.run(
      anInput('return await tools.read({})'),
      new RecordingHost(() => answer.promise),
    )
    const thief = await pool.run(
      anInput('return await Promise.race([tools.read({}), 1])'),
      new RecordingHost(() => new Promise(() => {})),
    )
    answer.resolve({ json: '"mine"' })

    expect(seenIn(thief)).toEqual({ result: 1 })
    expect(seenIn(await victim)).toEqual({ result: 'mine' })
  })

  it('keeps a console that overflows from filling memory', async () => {
    const outcome = await pool.run(
      anInput('for (let i = 0; i < 5000; i += 1) console.log("x".repeat(200))\nreturn 1'),
      new RecordingHost(),
    )

    expect(outcome.logs.length).toBeLessThanOrEqual(1001)
    expect(outcome.logs.at(-1)?.text).toBe('The console is full; what follows is not kept.')
  })

  it('makes no call in the turn in which it is stopped', async () => {
    const host = new RecordingHost()
    const limits = { cpuMs: 100 }

    await pool.run(anInput('tools.write({}); for (;;) {}', { limits }), host)

    expect(host.asked).toEqual([])
  })
})

function seenIn(outcome: SandboxOutcome): Expected | string {
  if (outcome.status === 'error') return outcome.error.kind
  if (outcome.status === 'suspended') return 'suspended'
  return { result: outcome.result === undefined ? undefined : JSON.parse(outcome.result) }
}
