import { ServiceError } from '@executor/contracts'

/**
 * One snapshot's operations, ready to be searched: a single block of bytes that is built once, stored
 * as it is and read in place. Terms are found by hash; each has its operations in order, as distances,
 * each with one byte that says how much the term weighs there and whether it is in the title.
 */
export interface SearchIndex {
  readonly bytes: Uint8Array
  readonly documents: number
  /** Hashes of the terms in ascending order; everything about terms is in this order. */
  readonly hashes: Uint32Array
  readonly frequencies: Uint32Array
  /** In how many titles a term stands. */
  readonly titleFrequencies: Uint32Array
  readonly termStarts: Uint32Array
  readonly postingStarts: Uint32Array
  /** How much all title words of an operation weigh together. */
  readonly titleMass: Float32Array
  /** Low bits: the action; then whether it is outdated. */
  readonly traits: Uint8Array
  readonly depths: Uint8Array
  /** A bit for every hash that occurs: most terms that are asked for do not, and one look tells. */
  readonly filter: Uint8Array
  readonly terms: Uint8Array
  readonly postings: Uint8Array
}

export const OUTDATED_BIT = 0x08
export const READING_BIT = 0x10
export const ACTION_MASK = 0x07
export const TITLE_BIT = 0x80
export const IMPACT_MAX = 0x7f

const MAGIC = 0x45585331
const HEADER_WORDS = 6
/** Changes with the layout or with what is indexed: an index of another version is built again. */
const VERSION = 1

export interface Sizes {
  documents: number
  terms: number
  termBytes: number
  postingBytes: number
}

/** An index of the given sizes whose parts are still to be filled in. */
export function allocateIndex(sizes: Sizes): SearchIndex {
  const buffer = new ArrayBuffer(byteLength(sizes))
  const header = new Uint32Array(buffer, 0, HEADER_WORDS)
  header.set([MAGIC, VERSION, sizes.documents, sizes.terms, sizes.termBytes, sizes.postingBytes])
  return viewOf(buffer, sizes)
}

export function encodeIndex(index: SearchIndex): Uint8Array {
  return index.bytes
}

/** Refuses what is not a whole index of this version. */
export function decodeIndex(bytes: Uint8Array): SearchIndex {
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice()
  if (aligned.byteLength < HEADER_WORDS * 4) throw unreadable()
  const [magic, version, documents = 0, terms = 0, termBytes = 0, postingBytes = 0] =
    new Uint32Array(aligned.buffer, aligned.byteOffset, HEADER_WORDS)
  const sizes = { documents, terms, termBytes, postingBytes }
  if (magic !== MAGIC || version !== VERSION || aligned.byteLength !== byteLength(sizes))
    throw unreadable()
  return viewOf(aligned.buffer, sizes, aligned.byteOffset)
}

/** Where a term stands, or -1. */
export function findTerm(index: SearchIndex, term: string, hash = hashTerm(term)): number {
  const { hashes, filter } = index
  const bit = hash & (filter.length * 8 - 1)
  if (((filter[bit >>> 3] as number) & (1 << (bit & 7))) === 0) return -1
  let at = firstAtLeast(hashes, hash)
  for (; hashes[at] === hash; at++) if (isTermAt(index, at, term)) return at
  return -1
}

/** Hashes are spread evenly: the place is guessed, and searched for around the guess. */
function firstAtLeast(hashes: Uint32Array, hash: number): number {
  const count = hashes.length
  const guess = Math.floor((hash / 0x1_0000_0000) * count)
  const reach = Math.ceil(2 * Math.sqrt(count))
  let low = Math.max(0, guess - reach)
  let high = Math.min(count, guess + reach)
  if (low > 0 && (hashes[low - 1] as number) >= hash) low = 0
  if (high < count && (hashes[high] as number) < hash) high = count
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((hashes[middle] as number) < hash) low = middle + 1
    else high = middle
  }
  return low
}

export function addToFilter({ filter }: SearchIndex, hash: number): void {
  const bit = hash & (filter.length * 8 - 1)
  filter[bit >>> 3] = (filter[bit >>> 3] as number) | (1 << (bit & 7))
}

export function termAt(index: SearchIndex, at: number): string {
  return decoder.decode(index.terms.subarray(index.termStarts[at], index.termStarts[at + 1]))
}

/** Compares in place: decoding every candidate would cost more than finding it. */
function isTermAt(index: SearchIndex, at: number, term: string): boolean {
  const { terms, termStarts } = index
  const start = termStarts[at] as number
  if ((termStarts[at + 1] as number) - start !== term.length) return termAt(index, at) === term
  for (let offset = 0; offset < term.length; offset++)
    if (terms[start + offset] !== term.charCodeAt(offset)) return false
  return true
}

/** FNV-1a over UTF-16 code units. */
export function hashTerm(term: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < term.length; at++) hash = Math.imul(hash ^ term.charCodeAt(at), 0x01000193)
  return hash >>> 0
}

const decoder = new TextDecoder()

function byteLength({ documents, terms, termBytes, postingBytes }: Sizes): number {
  const words = HEADER_WORDS + terms * 3 + (terms + 1) * 2 + documents
  return words * 4 + documents * 2 + filterBytes(terms) + termBytes + postingBytes
}

/** Eight bits for each term, rounded up to a power of two. */
function filterBytes(terms: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(1, terms)))
}

function viewOf(buffer: ArrayBufferLike, sizes: Sizes, start = 0): SearchIndex {
  const { documents, terms, termBytes, postingBytes } = sizes
  let at = start + HEADER_WORDS * 4
  const take = (bytes: number) => {
    at += bytes
    return at - bytes
  }
  return {
    bytes: new Uint8Array(buffer, start, byteLength(sizes)),
    documents,
    hashes: new Uint32Array(buffer, take(terms * 4), terms),
    frequencies: new Uint32Array(buffer, take(terms * 4), terms),
    titleFrequencies: new Uint32Array(buffer, take(terms * 4), terms),
    termStarts: new Uint32Array(buffer, take((terms + 1) * 4), terms + 1),
    postingStarts: new Uint32Array(buffer, take((terms + 1) * 4), terms + 1),
    titleMass: new Float32Array(buffer, take(documents * 4), documents),
    traits: new Uint8Array(buffer, take(documents), documents),
    depths: new Uint8Array(buffer, take(documents), documents),
    filter: new Uint8Array(buffer, take(filterBytes(terms)), filterBytes(terms)),
    terms: new Uint8Array(buffer, take(termBytes), termBytes),
    postings: new Uint8Array(buffer, take(postingBytes), postingBytes),
  }
}

function unreadable(): ServiceError {
  return new ServiceError(
    'failed_precondition',
    'catalog.index_unreadable',
    'The stored search index cannot be read. Refresh the integration to build it again.',
  )
}
