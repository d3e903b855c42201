import { afterAll, describe, expect, it } from 'vitest'
import { anInput, RecordingHost } from '../fixtures.ts'
import { createSandboxPool } from '../sandbox.ts'

const pool = createSandboxPool({ threads: 1 })
afterAll(() => pool.close())

/** What Node has is what agents know: each of these must come to the same here and there. */
const SAME_AS_NODE = [
  // Base64.
  'btoa("")',
  'btoa("a")',
  'btoa("ab")',
  'btoa("abc\\u00ff\\0")',
  'atob("")',
  'atob("YQ==")',
  'atob(" Y W I\\n= ")',
  'atob("YWJj")',
  '[...atob("AP/+")].map((c) => c.charCodeAt(0))',
  'throws(() => btoa("\\u20ac"))',
  'throws(() => atob("a"))',
  'throws(() => atob("a?bc"))',
  'throws(() => atob("ab=c"))',
  // Text.
  '[...new TextEncoder().encode("aé€😀\\ud800")]',
  'new TextEncoder().encodeInto("a€b", new Uint8Array(4))',
  'new TextDecoder().decode(new TextEncoder().encode("aé€😀".repeat(5000))).length',
  'new TextDecoder().decode(new Uint8Array([0xef, 0xbb, 0xbf, 0x61]))',
  'new TextDecoder("utf-8", { ignoreBOM: true }).decode(new Uint8Array([0xef, 0xbb, 0xbf, 0x61])).length',
  'new TextDecoder().decode(new Uint8Array([0x61, 0xff, 0xe2, 0x82, 0x62, 0xf0, 0x9f, 0x98]))',
  'new TextDecoder().decode(new Uint8Array([0xed, 0xa0, 0x80, 0xc0, 0x80, 0xf4, 0x90, 0x80, 0x80, 0xe0, 0x80, 0x80]))',
  'throws(() => new TextDecoder("utf-8", { fatal: true }).decode(new Uint8Array([0xff])))',
  'throws(() => new TextDecoder("klingon"))',
  '(() => { const d = new TextDecoder(); const b = new TextEncoder().encode("x😀y€"); return [...b].map((c) => d.decode(new Uint8Array([c]), { stream: true })).join("|") + d.decode() })()',
  'new TextDecoder("latin1").decode(new Uint8Array([0x80, 0x9f, 0xe9, 0x41]))',
  'new TextDecoder("utf-16le").decode(new Uint8Array([0x61, 0, 0x3d, 0xd8, 0, 0xde]))',
  'new TextDecoder().decode(new Uint16Array([0x6161, 0x6262]).subarray(1))',
  'new TextDecoder("UTF8").encoding',
  // URL.
  'new URL("https://user:pa ss@Example.com:8080/a/../b c?q=1&q=2#frag").href',
  'new URL("../x?y", "https://a.b/c/d/e").toString()',
  'URL.canParse("nope")',
  'throws(() => new URL("nope"))',
  'JSON.stringify({ url: new URL("https://a.b") })',
  '(() => { const u = new URL("https://a.b/p?x=1"); u.searchParams.append("y", "ä &="); u.hash = "z"; u.port = "99"; u.pathname = "/q r"; return [u.href, u.search, u.host, u.origin] })()',
  '(() => { const u = new URL("https://a.b/p?x=1"); const p = u.searchParams; u.search = "?n=2"; return [p.get("n"), p.get("x"), p === u.searchParams] })()',
  '(() => { const u = new URL("https://a.b/"); u.protocol = "ftp"; u.hostname = ""; return u.href })()',
  '[...new URLSearchParams("a=1&b=2&a=3")]',
  'new URLSearchParams({ a: "1 2", b: "ü" }).toString()',
  'new URLSearchParams([["a", 1], ["b", 2]]).toString()',
  '(() => { const p = new URLSearchParams("b=2&a=1&b=3"); p.sort(); p.set("b", "9"); p.delete("z"); return [p.toString(), p.getAll("b"), p.has("a"), p.has("a", "2"), p.size] })()',
  '(() => { const seen = []; new URLSearchParams("a=1&b=2").forEach((v, k) => seen.push(k + v)); return seen })()',
  // Clones.
  'structuredClone({ a: [1, undefined, null, NaN], d: new Date(5), r: /x/gi, m: new Map([[{ k: 1 }, new Set([2])]]), b: new Uint8Array([1, 2]).subarray(1) }).m.size',
  '(() => { const a = { n: 1 }; a.self = a; const c = structuredClone(a); return [c.self === c, c !== a, c.n] })()',
  '(() => { const e = structuredClone(new RangeError("far")); return [e instanceof RangeError, e.message] })()',
  '(() => { const s = { x: 1 }; const c = structuredClone([s, s]); return c[0] === c[1] })()',
  '[...structuredClone(new Uint16Array([1, 2, 3]))]',
  'throws(() => structuredClone(() => 1))',
  'throws(() => structuredClone({ s: Symbol("x") }))',
  '(() => { const c = structuredClone(JSON.parse(\'{"__proto__":{"a":1}}\')); return [c.a === undefined, Object.hasOwn(c, "__proto__")] })()',
  // Aborting.
  '(() => { const c = new AbortController(); const seen = []; c.signal.addEventListener("abort", (e) => seen.push(e.type)); c.signal.onabort = () => seen.push("on"); c.abort(); c.abort(); return [seen.sort(), c.signal.aborted, c.signal.reason.name, c.signal.reason instanceof Error] })()',
  'throws(() => AbortSignal.abort().throwIfAborted())',
  'AbortSignal.abort("why").reason',
  '(() => { const a = new AbortController(); const any = AbortSignal.any([a.signal, new AbortController().signal]); a.abort("x"); return [any.aborted, any.reason] })()',
  'throws(() => new AbortSignal())',
  '(() => { const t = new EventTarget(); let n = 0; const f = () => n++; t.addEventListener("x", f, { once: true }); t.addEventListener("x", f); t.dispatchEvent(new Event("x")); t.dispatchEvent(new Event("x")); return n })()',
  'new DOMException("m", "AbortError").code',
  // The language itself.
  'Object.groupBy([1, 2, 3], (n) => (n % 2 ? "odd" : "even"))',
  '[3, 1, 2].toSorted()',
  '"a-b".replaceAll("-", "+")',
  '[1n + 2n].map(String)',
  // Texts for people.
  '[0, 999, 1000, -1234567.8916, 1e6, 1e20, NaN, Infinity, 0.1 + 0.2].map((n) => n.toLocaleString("en-US"))',
  '(1234.5).toLocaleString("en-US", { minimumFractionDigits: 2 })',
  '(1234.56).toLocaleString("en-US", { maximumFractionDigits: 0 })',
  '(0.256).toLocaleString("en-US", { style: "percent" })',
  '(0.256).toLocaleString("en-US", { style: "percent", minimumFractionDigits: 1 })',
  '(-1234.5).toLocaleString("en-US", { style: "currency", currency: "USD" })',
  '(1234).toLocaleString("en-US", { style: "currency", currency: "EUR", maximumFractionDigits: 0, minimumFractionDigits: 0 })',
  '(1234).toLocaleString("en-US", { style: "currency", currency: "jpy" })',
  '(123456).toLocaleString("en-US", { useGrouping: false })',
  '12345678901234567890n.toLocaleString("en-US")',
  '[1234, 5678.5].toLocaleString("en-US")',
  'new Date("2026-01-02T15:04:05Z").toLocaleDateString("en-US", { timeZone: "UTC" })',
  'new Date("2026-01-02T00:04:05Z").toLocaleTimeString("en-US", { timeZone: "UTC" }).replace("\u202f", " ")',
  'new Date("2026-11-12T12:34:56Z").toLocaleString("en-US", { timeZone: "UTC" }).replace("\u202f", " ")',
  'new Date(NaN).toLocaleDateString("en-US")',
  '"2026-01-02".match(/(?<y>\\d+)-(?<m>\\d+)/u).groups.m',
]

const THROWS =
  'const throws = (f) => { try { return ["no", f()] } catch (e) { return e instanceof Error } };'

describe('the globals', { timeout: 60_000 }, () => {
  it.each(SAME_AS_NODE)('come to the same as in Node: %s', async (expression) => {
    const body = `${THROWS} return ${expression}`
    const here = await pool.run(anInput(body), new RecordingHost())
    const there: unknown = new Function(body)()

    expect(here).toMatchObject({ status: 'completed' })
    const result = here.status === 'completed' ? here.result : undefined
    expect(JSON.parse(result ?? 'null')).toEqual(JSON.parse(JSON.stringify(there) ?? 'null'))
  })

  it("know no time zone but UTC, and no time but the run's", async () => {
    const code =
      'return [new Date(2026, 6, 1, 12, 30).toISOString(), new Date("2026-03-29T02:30:00").getTime(), ' +
      'new Date(0).getTimezoneOffset(), new Date(1e12).getHours(), Date.now(), String(new Date(0))]'

    const outcome = await pool.run(anInput(code), new RecordingHost())

    expect(outcome).toMatchObject({
      result:
        '["2026-07-01T12:30:00.000Z",1774751400000,0,1,1767323045000,"Thu Jan 01 1970 00:00:00 GMT+0000"]',
    })
  })

  it('say once what they cannot write', async () => {
    const code =
      'return [new Date(0).toLocaleDateString("de-DE", { month: "long" }), (1.5).toLocaleString("de-DE")]'

    const outcome = await pool.run(anInput(code), new RecordingHost())

    expect(outcome).toMatchObject({ result: '["1/1/1970","1.5"]' })
    const text =
      'toLocaleDateString: there is no Intl here, and {"locales":"de-DE","month":"long"} changes nothing. ' +
      'Format it by hand; every date is in UTC.'
    expect(outcome.logs).toMatchObject([{ level: 'warn', text }])
  })

  it('fill in what a line of the console leaves open', async () => {
    const code =
      'console.log("%s has %d of %i, %j%%", "a", "2", 3.7, { b: 1 }, "more");' +
      'console.log("100%", 1); console.log("%s"); console.log("%s %s", { c: [1] });' +
      'console.error("%cred", "color: red")'

    const { logs } = await pool.run(anInput(code), new RecordingHost())

    expect(logs.map(({ text }) => text)).toEqual([
      'a has 2 of 3, {"b":1}% more',
      '100% 1',
      '%s',
      '{ c: [ 1 ] } %s',
      'red',
    ])
  })

  it('run timers in the order in which they are due', async () => {
    const code =
      'const seen = []\n' +
      'const at = (ms, name) => setTimeout((n) => seen.push(n), ms, name)\n' +
      'at(3, "c"); at(1, "a"); const b = at(2, "b"); at(2, "b2"); at(0, "zero"); clearTimeout(b)\n' +
      'queueMicrotask(() => seen.push("micro"))\n' +
      'let n = 0; const every = setInterval(() => { seen.push("i" + ++n); if (n === 3) clearInterval(every) }, 2)\n' +
      'await new Promise((resolve) => setTimeout(resolve, 7))\n' +
      'return seen'

    const outcome = await pool.run(anInput(code), new RecordingHost())

    expect(outcome).toMatchObject({
      result: '["micro","a","zero","b2","i1","c","i2","i3"]',
    })
  })

  it('end the run when a timer throws', async () => {
    const code =
      'setTimeout(() => {\n  throw new Error("in a timer")\n}, 1)\nawait new Promise(() => {})'

    const outcome = await pool.run(anInput(code), new RecordingHost())

    expect(outcome).toMatchObject({
      error: { kind: 'script_error', message: expect.stringContaining('in a timer'), line: 2 },
    })
  })

  it('draw chances that look like chances', async () => {
    const code =
      'const draws = Array.from({ length: 20_000 }, Math.random)\n' +
      'const mean = draws.reduce((a, b) => a + b) / draws.length\n' +
      'return [mean > 0.49 && mean < 0.51, Math.min(...draws) < 0.001, Math.max(...draws) > 0.999, new Set(draws).size,' +
      ' /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(crypto.randomUUID()),' +
      ' crypto.getRandomValues(new Uint8Array(4)).length]'

    const outcome = await pool.run(anInput(code), new RecordingHost())

    expect(outcome).toMatchObject({ result: '[true,true,true,20000,true,4]' })
  })
})
