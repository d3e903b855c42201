import { afterAll, describe, expect, it } from 'vitest'
import { errorOf, RecordingHost, resultOf, runIn } from './fixtures.ts'
import { createSandboxPool } from './sandbox.ts'

const pool = createSandboxPool({ threads: 1 })
const run = runIn(pool)
afterAll(() => pool.close())

describe('tools in a script', { timeout: 60_000 }, () => {
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
})
