import { describe, expect, it } from 'vitest'
import { toCallResult } from './call-result.ts'

function file(mimeType: string, text: string) {
  const data = Buffer.from(text).toString('base64')
  const data_ = { _tag: 'ToolFile', name: 'a b', mimeType, encoding: 'base64', data, byteLength: 3 }
  return JSON.parse(toCallResult(JSON.stringify({ ok: true, data: data_ })))
}

describe('toCallResult', () => {
  it('shows a model the envelope, and keeps it whole beside', () => {
    const json = '{"ok":true,"data":{"id":1}}'

    expect(JSON.parse(toCallResult(json))).toEqual({
      content: [{ type: 'text', text: json }],
      structuredContent: { ok: true, data: { id: 1 } },
      isError: false,
    })
  })

  it('cuts what a model would drown in, and nothing of the structure', () => {
    const json = JSON.stringify({ ok: true, data: 'x'.repeat(100_000) })

    const { content, structuredContent } = JSON.parse(toCallResult(json))

    expect(content[0].text).toHaveLength(30_000 + '\n[70021 more characters were cut]'.length)
    expect(content[0].text).toMatch(/70021 more characters were cut\]$/)
    expect(structuredContent.data).toHaveLength(100_000)
  })

  it('says that a tool failed', () => {
    expect(JSON.parse(toCallResult('{"ok":false,"error":{}}'))).toMatchObject({ isError: true })
  })

  it.each([
    ['image/png', { type: 'image', mimeType: 'image/png' }],
    ['audio/wav', { type: 'audio', mimeType: 'audio/wav' }],
    ['text/csv', { type: 'text', text: 'a,b' }],
    ['application/problem+json', { type: 'text', text: 'a,b' }],
    ['application/pdf', { type: 'resource', resource: { uri: 'file:///a%20b', blob: 'YSxi' } }],
  ])('shows a file of type %s as what it is', (mimeType, expected) => {
    expect(file(mimeType, 'a,b').content).toMatchObject([
      { type: 'text', text: `a b (${mimeType}, 3 bytes)` },
      expected,
    ])
  })
})
