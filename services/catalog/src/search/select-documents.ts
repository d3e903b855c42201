import { setImmediate } from 'node:timers/promises'
import { packPostings, readPostings } from './postings.ts'
import { rarity } from './rarity.ts'
import { addToFilter, allocateIndex, type SearchIndex, TITLE_BIT } from './search-index.ts'

/** Operations of an index, and where each of them stands in another one; -1 for nowhere. */
export interface Selection {
  index: SearchIndex
  places: Int32Array
}

/** Terms that are worked through before other requests are answered. */
const TERMS_AT_ONCE = 2_000

interface Posting {
  place: number
  weight: number
}
interface Term {
  hash: number
  bytes: Uint8Array
  postings: Posting[]
}

/**
 * Makes the index of operations that are taken from one or more indexes, as if it had been built of
 * them: everything about a single operation is copied, what they have in common is counted anew.
 */
export async function selectDocuments(
  selections: readonly Selection[],
  documents: number,
): Promise<SearchIndex> {
  const terms = await collectTerms(selections)
  const kept = [...terms.values()]
    .filter(({ postings }) => postings.length > 0)
    .sort((a, b) => a.hash - b.hash)
  const packed: Uint8Array[] = []
  for (const [at, { postings }] of kept.entries()) {
    packed.push(pack(postings.sort((a, b) => a.place - b.place)))
    if (at % TERMS_AT_ONCE === 0) await setImmediate()
  }
  const index = allocateIndex({
    documents,
    terms: kept.length,
    termBytes: kept.reduce((sum, { bytes }) => sum + bytes.length, 0),
    postingBytes: packed.reduce((sum, bytes) => sum + bytes.length, 0),
  })
  const titleMass = new Float64Array(documents)
  let termAt = 0
  let postingAt = 0
  kept.forEach((term, at) => {
    const bytes = packed[at] as Uint8Array
    const titles = term.postings.filter(({ weight }) => weight & TITLE_BIT)
    index.hashes[at] = term.hash
    addToFilter(index, term.hash)
    index.frequencies[at] = term.postings.length
    index.titleFrequencies[at] = titles.length
    for (const { place } of titles)
      titleMass[place] = (titleMass[place] ?? 0) + rarity(titles.length, documents)
    index.terms.set(term.bytes, termAt)
    index.postings.set(bytes, postingAt)
    termAt += term.bytes.length
    postingAt += bytes.length
    index.termStarts[at + 1] = termAt
    index.postingStarts[at + 1] = postingAt
  })
  index.titleMass.set(titleMass)
  for (const { index: from, places } of selections)
    places.forEach((place, ordinal) => {
      if (place < 0) return
      index.traits[place] = from.traits[ordinal] ?? 0
      index.depths[place] = from.depths[ordinal] ?? 0
    })
  return index
}

async function collectTerms(selections: readonly Selection[]): Promise<Map<string, Term>> {
  const terms = new Map<string, Term>()
  const decoder = new TextDecoder()
  for (const { index, places } of selections)
    for (let at = 0; at < index.hashes.length; at++) {
      const bytes = index.terms.subarray(index.termStarts[at], index.termStarts[at + 1])
      const text = decoder.decode(bytes)
      const term = terms.get(text) ?? { hash: index.hashes[at] ?? 0, bytes, postings: [] }
      terms.set(text, term)
      readPostings(
        index.postings.subarray(index.postingStarts[at], index.postingStarts[at + 1]),
        (o, w) => {
          const place = places[o] ?? -1
          if (place >= 0) term.postings.push({ place, weight: w })
        },
      )
      if (at % TERMS_AT_ONCE === 0) await setImmediate()
    }
  return terms
}

function pack(postings: readonly Posting[]): Uint8Array {
  return packPostings(postings.flatMap(({ place, weight }) => [place, weight]))
}
