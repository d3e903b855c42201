import { describe, expect, it } from 'vitest'
import { toVisible } from './visible-text.ts'

describe('toVisible', () => {
  it.each([
    ['Approve a.b?\n{\n\t"näme": "✓ ❤️ 👩‍👧"\n}', 'Approve a.b?\n{\n\t"näme": "✓ ❤️ 👩‍👧"\n}'],
    ['Approve \u001b[2Ka\r', 'Approve \\u001b[2Ka\\u000d'],
    ['\u009b1A \u202egnp.exe', '\\u009b1A \\u202egnp.exe'],
    ['pay\u200b \u{e0041}pal', 'pay\\u200b \\udb40\\udc41pal'],
  ])('writes %j', (text, visible) => {
    expect(toVisible(text)).toBe(visible)
  })

  it('changes nothing of what JSON says', () => {
    const value = { 'a\u202e': '\u009b \u{e0041} \ufeff' }

    expect(JSON.parse(toVisible(JSON.stringify(value, null, 2)))).toEqual(value)
  })
})
