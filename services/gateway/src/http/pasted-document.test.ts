import { describe, expect, it } from 'vitest'
import { findText } from './pasted-document.ts'

const LONG = 'x'.repeat(300_000)
const PATHS = ['spec', 'spec.value']

function textIn(body: string): unknown {
  const json = Buffer.from(body)
  const found = findText(json, PATHS)
  return found && JSON.parse(json.subarray(found.start, found.end).toString())
}

describe('findText', () => {
  it.each([
    { spec: LONG },
    { slug: 'a', spec: { kind: 'blob', value: `{"a": "\\"}${LONG}é\u0000"` } },
    { headers: { spec: 'no', value: ['"', '\\', '{', ']'] }, spec: { value: LONG }, more: [{}] },
  ])('finds the document of request %#', (body) => {
    const { spec } = body
    expect(textIn(JSON.stringify(body, null, 2))).toBe(typeof spec === 'string' ? spec : spec.value)
  })

  it.each([
    ['short', JSON.stringify({ spec: { value: 'short' } })],
    ['elsewhere', JSON.stringify({ spec: { other: { value: LONG } }, value: LONG })],
    ['a name', JSON.stringify({ spec: { [LONG]: 1 } })],
    ['in a list', JSON.stringify({ spec: [{ value: LONG }] })],
    ['no JSON', `]}}${'{'.repeat(10)}`],
  ])('finds none that is %s', (_what, body) => {
    expect(textIn(body)).toBe(null)
  })

  it('leaves it to the parser to refuse a text without an end', () => {
    const body = Buffer.from(`{"spec": "${LONG}`)

    expect(findText(body, PATHS)).toEqual({ start: 9, end: body.length })
  })
})
