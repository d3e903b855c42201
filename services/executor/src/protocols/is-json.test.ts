import { describe, expect, it } from 'vitest'
import { isJson, isLongJson } from './is-json.ts'

/** Long enough not to be read at once. */
const room = ' '.repeat(300_000)

function parses(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

const SAMPLES = [
  '{"a":[1,-0,2.5e-3,1E+2,true,false,null,"x\\n\\u00e9\\"\\\\/"],"b":{},"c":[],"":{"d":[[],{}]}}',
  '[{"id":1,"name":"ü 😀"},{"id":2,"name":""}]',
  '"text"',
  '-12.50',
]
/** What a character may be replaced by, or preceded by. */
const NOISE = [
  '',
  '"',
  '\\',
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '0',
  '-',
  '.',
  'e',
  'u',
  '\n',
  '\u0001',
  ' ',
  '\u00a0',
]

describe('isJson', () => {
  it('lets others have their turn while it looks at a long text', async () => {
    let turns = 0
    const turn = () => setImmediate(() => ++turns)
    turn()

    const answer = isJson(`[${room}${'1,'.repeat(500_000)}1]`)

    expect(answer).toBeInstanceOf(Promise)
    expect(await answer).toBe(true)
    expect(turns).toBe(1)
  })

  it.each(SAMPLES)(
    'says of a text what JSON.parse says of %s, however it is broken',
    async (sample) => {
      const texts = [sample, ...NOISE.map((end) => `${sample}${end}`)]
      for (let at = 0; at < sample.length; at++) {
        texts.push(sample.slice(0, at))
        for (const noise of NOISE) {
          texts.push(sample.slice(0, at) + noise + sample.slice(at + 1))
          texts.push(sample.slice(0, at) + noise + sample.slice(at))
        }
      }

      const wrong: string[] = []
      for (const text of texts) if ((await isLongJson(text)) !== parses(text)) wrong.push(text)

      expect(wrong).toEqual([])
    },
  )

  it.each([
    '',
    ' ',
    '01',
    '+1',
    '.5',
    '1.',
    '1e',
    'nul',
    'true1',
    '"\t"',
    '"\\x"',
    '"\\u12"',
    '{"a"}',
    '[1,]',
    '{,}',
  ])('refuses %j', async (text) => {
    expect(await isJson(text)).toBe(false)
    expect(await isLongJson(text)).toBe(false)
  })

  it('takes any depth', async () => {
    expect(await isJson('['.repeat(200_000) + ']'.repeat(200_000))).toBe(true)
    expect(await isJson('['.repeat(400_000))).toBe(false)
  })
})
