import { RunOutcome } from '@executor/contracts'
import { describe, expect, it } from 'vitest'
import { encodeStructured, toOutcomeView } from './outcome-view.ts'
import { readOutcome } from './read-outcome.ts'

const HOW = { approvalUrl: 'https://executor.example/resume/exec_1', mode: 'browser' as const }
const SETTLED = { status: 'settled', runId: 'exec_1', run: 'completed' }

function encode(result: unknown, kind = 'execution'): string {
  return JSON.stringify({ ...SETTLED, kind, result })
}

/** What every surface is made of. */
function shown(outcome: RunOutcome) {
  const view = toOutcomeView(outcome, HOW)
  return { ...view, structured: encodeStructured(view.structured), emitted: view.emitted() }
}

const numbers = Array.from({ length: 200_000 }, (_, index) => index)
const rows = Array.from({ length: 20_000 }, (_, id) => ({
  id,
  name: `row "${id}" ü`,
  tags: [],
  o: {},
}))
const text = 'a "quoted"\n\u0001 \\ ü 😀 '.repeat(40_000)
const image = { type: 'image', data: 'A'.repeat(400_000), mimeType: 'image/png' }
const file = {
  _tag: 'ToolFile',
  mimeType: 'text/csv',
  encoding: 'base64',
  data: image.data,
  byteLength: 3,
}

function nested(levels: number, value: unknown): unknown {
  let inner = value
  for (let level = 0; level < levels; level++) inner = level % 2 ? [inner] : { 'a "key"': inner }
  return inner
}

const LONG: [string, unknown][] = [
  ['numbers', numbers],
  ['rows', rows],
  ['an object', { 'first "key"': 1, rows, numbers, last: null }],
  ['a text', text],
  ['a text of escapes', '\u0001'.repeat(200_000)],
  ['a text that is short once it is read', '\u0001'.repeat(20_000)],
  ['a text in a list', [1, text, 2]],
  ['a text behind a long key', { [text]: 1, b: text }],
  ['deep values', nested(300, numbers)],
  ['many deep values', rows.map(() => nested(30, true))],
  ['half a character', `\ud83d${'😀'.repeat(200_000)}`],
]

describe('readOutcome', () => {
  it.each(LONG)('shows %s as if it had been read as a whole', async (_, value) => {
    const json = encode({ ok: true, value, emitted: [], logs: ['a'] })

    expect(shown(await readOutcome(json))).toEqual(shown(RunOutcome.parse(JSON.parse(json))))
  })

  it.each(LONG)('shows %s that was emitted as if it had been read as a whole', async (_, value) => {
    const emitted = [1, value, image, { ...image, _meta: { rows } }, file, { type: 'x', rows }, []]
    const ok = encode({ ok: true, emitted, logs: [] })
    const error = { code: 'script_error', message: 'no', line: 2, column: 1 }
    const failed = encode({ ok: false, error, emitted, logs: ['a'] })

    for (const json of [ok, failed]) {
      expect(shown(await readOutcome(json))).toEqual(shown(RunOutcome.parse(JSON.parse(json))))
    }
  })

  it.each([
    { ok: true, data: rows, http: { status: 200, headers: {} } },
    { ok: true, data: nested(1_200, numbers) },
    { ok: false, error: { code: 'a', message: 'b', details: { rows } } },
  ])('shows the long result of a call as if it had been read as a whole: $ok', async (result) => {
    const json = encode(result, 'invocation')

    expect(shown(await readOutcome(json))).toEqual(shown(RunOutcome.parse(JSON.parse(json))))
  })

  it('makes no values of what is long', async () => {
    const json = encode({ ok: true, value: numbers, emitted: [numbers], logs: [] })

    const outcome = await readOutcome(json)

    expect(JSON.stringify(outcome).length).toBeLessThan(3 * json.length)
    expect(outcome).not.toEqual(JSON.parse(json))
  })

  it('takes room between the parts of an upstream’s text for nothing', async () => {
    const data = JSON.stringify(rows, null, 8)
    const json = `${encode(null, 'invocation').slice(0, -5)}{"ok":true,"data":${data}}}`

    const { text } = shown(await readOutcome(json))

    expect(text).toBe(shown(RunOutcome.parse(JSON.parse(json))).text)
  })

  it.each([
    { status: 'running', runId: 'exec_1' },
    { ...SETTLED, kind: 'execution', run: 'cancelled', result: null },
  ])('reads %j', async (outcome) => {
    expect(await readOutcome(JSON.stringify(outcome))).toEqual(outcome)
  })
})
