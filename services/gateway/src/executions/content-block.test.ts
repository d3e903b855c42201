import { describe, expect, it } from 'vitest'
import { toContentBlocks } from './content-block.ts'

const texts = (emitted: unknown[]) => toContentBlocks(emitted, 'exec_1').map(({ text }) => text)

describe('toContentBlocks', () => {
  it('shows strings as they are, files as what they are and the rest as JSON', () => {
    const file = { _tag: 'ToolFile', encoding: 'base64', byteLength: 2 }
    const text = { ...file, name: 'a.txt', mimeType: 'text/plain', data: 'aGk=' }
    const image = { ...file, name: 'a.png', mimeType: 'image/png', data: 'iVBO' }

    expect(toContentBlocks(['hi', { a: 1 }, text, image], 'exec_1')).toEqual([
      { type: 'text', text: 'hi' },
      { type: 'text', text: '{\n  "a": 1\n}' },
      { type: 'text', text: 'hi' },
      { type: 'image', data: 'iVBO', mimeType: 'image/png' },
    ])
  })

  it('counts what is more than anybody reads', () => {
    const shown = texts(Array.from({ length: 180_000 }, (_, id) => ({ id })))

    expect(shown).toHaveLength(1_001)
    expect(shown.at(-1)).toBe(
      '[179000 more were emitted. The whole result: GET /api/executions/exec_1/result]',
    )
  })

  it('counts what is longer than anybody reads', () => {
    const shown = texts(Array.from({ length: 100 }, () => 'x'.repeat(40_000)))

    expect(shown[0]).toMatch(/^x{30000}\n\[10000 more characters were cut\.\]$/)
    expect(shown).toHaveLength(35)
    expect(shown.at(-1)).toMatch(/^\[66 more were emitted\./)
  })

  it('shows as text what looks like a block and is none', () => {
    const broken = { type: 'image', data: 5 }
    const file = { _tag: 'ToolFile', encoding: 'base64', byteLength: 2, mimeType: 'image/png' }
    const unreadable = { ...file, data: 'no base64!' }

    expect(texts([broken, unreadable])).toEqual(
      [broken, unreadable].map((value) => JSON.stringify(value, null, 2)),
    )
  })
})
