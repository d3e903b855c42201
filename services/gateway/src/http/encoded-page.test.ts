import { describe, expect, it } from 'vitest'
import { sliceEncodedPage } from './encoded-page.ts'

describe('sliceEncodedPage', () => {
  it.each([
    ['{"items":[]}', '[]', undefined],
    ['{"items":[{"a":1}]}', '[{"a":1}]', undefined],
    ['{"items":[{"a":1}],"nextCursor":"c"}', '[{"a":1}]', 'c'],
    [
      '{"items":[{"a":"],\\"nextCursor\\":\\"x\\"}"}]}',
      '[{"a":"],\\"nextCursor\\":\\"x\\"}"}]',
      undefined,
    ],
    ['{"items":[1],"nextCursor":"]}"}', '[1]', ']}'],
    ['{"items":[1],"nextCursor":"],\\"nextCursor\\":"}', '[1]', '],"nextCursor":'],
    ['{ "nextCursor": "c", "items": [ 1 ] }', '[1]', 'c'],
  ])('takes %s apart', (json, items, nextCursor) => {
    const page = sliceEncodedPage(new TextEncoder().encode(json))

    expect(new TextDecoder().decode(page.items)).toBe(items)
    expect(page.nextCursor).toBe(nextCursor)
  })
})
