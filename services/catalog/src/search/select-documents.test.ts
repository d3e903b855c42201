import { describe, expect, it } from 'vitest'
import { buildIndex } from './build-index.ts'
import type { SearchDocument } from './document.ts'
import { findTerm, type SearchIndex, termAt } from './search-index.ts'
import { selectDocuments } from './select-documents.ts'

function aDocument(name: string, description: string): SearchDocument {
  return {
    name,
    path: `/things/${name}`,
    method: 'GET',
    description,
    parameters: [{ name: 'page', description: 'Which page' }],
    tags: ['things'],
    readOnly: name.length % 2 === 0,
    destructive: false,
    deprecated: name.endsWith('7'),
  }
}

const early = Array.from({ length: 300 }, (_, at) => aDocument(`op${at}`, `Word${at} and pages`))
const late = early.map(({ name }) => aDocument(name, `Lately ${name} reads invoices`))

/** Everything but the order in which sums were made. */
function contents(index: SearchIndex) {
  const { titleMass, bytes: _, ...rest } = index
  return { ...rest, titleMass: Array.from(titleMass, (mass) => Math.fround(mass).toFixed(4)) }
}

describe('selectDocuments', () => {
  it('equals an index that was built of what it takes', async () => {
    const places = (taken: (at: number) => boolean, at: (index: number) => number) =>
      Int32Array.from(early, (_, index) => (taken(index) ? at(index) : -1))
    const isOld = (at: number) => at % 10 === 3
    const isGone = (at: number) => at % 10 === 5
    const kept = early.map((_, at) => at).filter((at) => !isGone(at))
    const place = new Map(kept.map((at, index) => [at, index]))

    const made = await selectDocuments(
      [
        {
          index: buildIndex(late),
          places: places(
            (at) => !isOld(at) && !isGone(at),
            (at) => place.get(at) ?? -1,
          ),
        },
        { index: buildIndex(early), places: places(isOld, (at) => place.get(at) ?? -1) },
      ],
      kept.length,
    )

    const built = buildIndex(kept.map((at) => (isOld(at) ? early : late)[at] as SearchDocument))
    expect(contents(made)).toEqual(contents(built))
    expect(termAt(made, findTerm(made, 'invoic'))).toBe('invoic')
    expect(findTerm(made, 'word5')).toBe(-1)
  })

  it('takes nothing where nothing is left', async () => {
    const made = await selectDocuments(
      [{ index: buildIndex(early), places: new Int32Array(early.length).fill(-1) }],
      0,
    )

    expect(made).toMatchObject({ documents: 0 })
    expect(made.hashes).toHaveLength(0)
  })
})
