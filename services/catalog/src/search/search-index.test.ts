import { describe, expect, it } from 'vitest'
import { buildIndex } from './build-index.ts'
import type { SearchDocument } from './document.ts'
import { decodeIndex, encodeIndex, findTerm, termAt } from './search-index.ts'

function aDocument(name: string, description: string): SearchDocument {
  return {
    name,
    description,
    parameters: [],
    tags: [],
    readOnly: true,
    destructive: false,
    deprecated: false,
  }
}

const many = Array.from({ length: 300 }, (_, at) =>
  aDocument(`group.op${'x'.repeat(at % 7)}`, `word${at} común`),
)

describe('decodeIndex', () => {
  it('gives back the index that was encoded, wherever its bytes lie', () => {
    const index = buildIndex(many)
    const stored = new Uint8Array(encodeIndex(index).length + 1)
    stored.set(encodeIndex(index), 1)

    expect(decodeIndex(stored.subarray(1))).toEqual(index)
  })

  it.each([
    ['no bytes', new Uint8Array()],
    ['other bytes', new Uint8Array(100).fill(7)],
    ['half of one', encodeIndex(buildIndex(many)).slice(0, 500)],
    ['more than one', new Uint8Array([...encodeIndex(buildIndex(many)), 0, 0, 0, 0])],
  ])('refuses %s', (_, bytes) => {
    expect(() => decodeIndex(bytes)).toThrow(
      expect.objectContaining({ reason: 'catalog.index_unreadable' }),
    )
  })
})

describe('findTerm', () => {
  const index = buildIndex(many)

  it('finds every term at its place', () => {
    const found = Array.from(index.hashes, (_, at) => findTerm(index, termAt(index, at)) === at)

    expect(found).not.toContain(false)
    expect(found.length).toBeGreaterThan(300)
  })

  it('finds no term that is not there', () => {
    expect(findTerm(index, 'absent')).toBe(-1)
    expect(findTerm(buildIndex([]), 'absent')).toBe(-1)
  })
})

describe('buildIndex', () => {
  it('is the same for the same operations', () => {
    expect(encodeIndex(buildIndex(many))).toEqual(encodeIndex(buildIndex(many)))
  })

  it('bounds what one operation adds', () => {
    const huge = {
      ...aDocument('a.b', Array.from({ length: 50_000 }, (_, at) => `w${at}x`).join(' ')),
      parameters: Array.from({ length: 5_000 }, (_, at) => ({
        name: `parameter${at}`,
        description: 'y '.repeat(10_000),
      })),
    }

    expect(buildIndex([huge]).bytes.length).toBeLessThan(20_000)
  })
})
