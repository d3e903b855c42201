import { findTerm, hashTerm, type SearchIndex } from './search-index.ts'

/** Where the terms of a question stand in each of several indexes. */
export interface Places {
  /** A row per index, a cell per term: the term's place, or -1. */
  cells: Int32Array
  /** Cells in a row. */
  width: number
  /** Per term: in how many operations it stands, in all indexes together. */
  totals: Float64Array
}

/** A word in a description alone makes a term less common than one in a title does. */
const BODY_SHARE = 0.1

/** Looks every term up in every index, index by index: what is read of one is read at once. */
export function findPlaces(terms: readonly string[], indexes: readonly SearchIndex[]): Places {
  const hashes = Uint32Array.from(terms, hashTerm)
  const width = terms.length
  const totals = new Float64Array(width)
  const cells = new Int32Array(width * indexes.length)
  let cell = 0
  for (const index of indexes)
    for (let at = 0; at < width; at++) {
      const place = findTerm(index, terms[at] as string, hashes[at] as number)
      cells[cell++] = place
      if (place >= 0) totals[at] = (totals[at] as number) + frequencyOf(index, place)
    }
  return { cells, width, totals }
}

function frequencyOf({ frequencies, titleFrequencies }: SearchIndex, place: number): number {
  const titles = titleFrequencies[place] as number
  return titles + BODY_SHARE * ((frequencies[place] as number) - titles)
}
