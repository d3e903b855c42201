import { describe, expect, it } from 'vitest'
import { toPrintable } from './paused.ts'

describe('toPrintable', () => {
  it.each([
    ['Approve a.b?\n{\n  "näme": "✓"\n}', 'Approve a.b?\n{\n  "näme": "✓"\n}'],
    ['Approve \u001b[2Ka\r', 'Approve \\u001b[2Ka\\u000d'],
    ['\u009b1A \u202egnp.exe', '\\u009b1A \\u202egnp.exe'],
  ])('writes %j', (text, printed) => {
    expect(toPrintable(text)).toBe(printed)
  })
})
