import { describe, expect, it } from 'vitest'
import { codeFrame } from './code-frame.ts'

describe('codeFrame', () => {
  it('shows the line under the one before, with a caret', () => {
    expect(codeFrame('a\nbb\nccc', { line: 3, column: 2 })).toBe('2 | bb\n3 | ccc\n  |  ^')
  })

  it('shows no caret where the column is not known', () => {
    expect(codeFrame('a\nbb', { line: 2 })).toBe('1 | a\n2 | bb')
  })

  it('leaves out an empty line before', () => {
    expect(codeFrame('\nbb', { line: 2, column: 1 })).toBe('2 | bb\n  | ^')
  })

  it('cuts a long line around its column', () => {
    const frame = codeFrame(`${'a'.repeat(500)}!${'b'.repeat(500)}`, { line: 1, column: 501 })

    const [line = '', caret = ''] = frame.split('\n')
    expect(line.length).toBeLessThan(130)
    expect(line[caret.indexOf('^')]).toBe('!')
  })

  it('is empty for a line that is not there', () => {
    expect(codeFrame('a', { line: 9 })).toBe('')
  })
})
