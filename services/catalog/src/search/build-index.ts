import { verbMeaning } from './actions.ts'
import { actionCode, actionOf, depthOf, fixedSegments, isOutdated, leafWords } from './classify.ts'
import type { SearchDocument } from './document.ts'
import { packPostings } from './postings.ts'
import { rarity } from './rarity.ts'
import {
  addToFilter,
  allocateIndex,
  hashTerm,
  IMPACT_MAX,
  OUTDATED_BIT,
  READING_BIT,
  type SearchIndex,
  TITLE_BIT,
} from './search-index.ts'
import {
  createVocabulary,
  isVersion,
  STOP_WORDS,
  splitIdentifier,
  type Vocabulary,
  wordsOf,
} from './words.ts'

/**
 * Where words stand, how much they weigh there, and how long such a text usually is. The lengths are
 * fixed, not averages of the snapshot, so that scores of different integrations compare.
 */
const FIELDS = {
  leaf: { weight: 4, usual: 4, slope: 0.6 },
  head: { weight: 3, usual: 1.5, slope: 0.6 },
  path: { weight: 1, usual: 5, slope: 0.6 },
  summary: { weight: 3, usual: 6, slope: 0.6 },
  opening: { weight: 1.5, usual: 12, slope: 0.5 },
  rest: { weight: 0.4, usual: 60, slope: 0.5 },
  parameters: { weight: 0.55, usual: 10, slope: 0.7 },
  hints: { weight: 0.25, usual: 60, slope: 0.7 },
  tags: { weight: 1, usual: 2, slope: 0.5 },
}
type Field = keyof typeof FIELDS

const SATURATION = 3
const DESCRIPTION_CHARS_MAX = 700
const PARAMETERS_MAX = 80
const HINT_CHARS_MAX = 120
const DEPTH_MAX = 255

/** Makes the index of one snapshot; an operation's place in `documents` is its ordinal. */
export function buildIndex(documents: readonly SearchDocument[]): SearchIndex {
  const builder = new IndexBuilder()
  for (const document of documents) builder.add(document)
  return builder.finish()
}

interface Term {
  text: string
  /** Per operation: its ordinal, then its packed weight. */
  postings: number[]
  /** In how many titles it stands. */
  titles: number
  /** In the operation at hand: its weight, and whether it is in the title. */
  weight: number
  inTitle: boolean
}

/** What a written word adds to an operation; worked out once for all operations. */
interface WordEntry {
  terms: readonly Term[]
  /** It names the action: it does not tell titles apart. */
  general: boolean
}

const NOTHING: WordEntry = { terms: [], general: true }

class IndexBuilder {
  readonly #vocabulary: Vocabulary = createVocabulary()
  readonly #entries = new Map<string, WordEntry>()
  readonly #parameters = new Map<string, readonly WordEntry[]>()
  readonly #terms = new Map<string, Term>()
  readonly #titles: Term[][] = []
  readonly #traits: number[] = []
  readonly #depths: number[] = []
  /** The terms of the operation at hand. */
  #touched: Term[] = []

  add(document: SearchDocument): void {
    const segments = fixedSegments(document.path ?? '')
    const [opening, rest] = splitDescription(document.description)
    const head = segments.slice(-1).flatMap(splitIdentifier)
    const tags = [groupOf(document), ...document.tags].flatMap(splitIdentifier)
    this.#addWords('leaf', ownWords(document, tags, head), true)
    this.#addWords('head', head, true)
    this.#addWords('path', segments.slice(0, -1).flatMap(splitIdentifier), true)
    if (document.summary) this.#addWords('summary', wordsOf(document.summary), true)
    if (opening !== document.summary) this.#addWords('opening', wordsOf(opening), false)
    this.#addWords('rest', wordsOf(rest), false)
    const parameters = document.parameters.slice(0, PARAMETERS_MAX)
    const names = parameters.flatMap(({ name }) => this.#parameterEntries(name, splitIdentifier))
    this.#addEntries('parameters', names, false)
    const hints = parameters.flatMap(({ description = '' }) =>
      this.#parameterEntries(description.slice(0, HINT_CHARS_MAX), wordsOf),
    )
    this.#addEntries('hints', hints, false)
    this.#addWords('tags', tags, false)
    this.#finishDocument(document)
  }

  finish(): SearchIndex {
    const encoder = new TextEncoder()
    const documents = this.#traits.length
    const terms = [...this.#terms.values()]
      .map((term) => ({ ...term, hash: hashTerm(term.text), bytes: encoder.encode(term.text) }))
      .sort((a, b) => a.hash - b.hash)
    const postings = terms.map((term) => packPostings(term.postings))
    const index = allocateIndex({
      documents,
      terms: terms.length,
      termBytes: terms.reduce((sum, { bytes }) => sum + bytes.length, 0),
      postingBytes: postings.reduce((sum, bytes) => sum + bytes.length, 0),
    })
    let termAt = 0
    let postingAt = 0
    terms.forEach((term, at) => {
      const packed = postings[at] ?? new Uint8Array()
      index.hashes[at] = term.hash
      addToFilter(index, term.hash)
      index.frequencies[at] = term.postings.length / 2
      index.titleFrequencies[at] = term.titles
      index.terms.set(term.bytes, termAt)
      index.postings.set(packed, postingAt)
      termAt += term.bytes.length
      postingAt += packed.length
      index.termStarts[at + 1] = termAt
      index.postingStarts[at + 1] = postingAt
    })
    index.titleMass.set(
      this.#titles.map((title) => {
        let mass = 0
        for (const { titles } of title) mass += rarity(titles, documents)
        return mass
      }),
    )
    index.traits.set(this.#traits)
    index.depths.set(this.#depths)
    return index
  }

  #finishDocument(document: SearchDocument): void {
    const ordinal = this.#traits.length
    const title: Term[] = []
    for (const term of this.#touched) {
      const share = term.weight / (SATURATION + term.weight)
      const impact = Math.max(1, Math.round(share * IMPACT_MAX))
      term.postings.push(ordinal, term.inTitle ? impact | TITLE_BIT : impact)
      if (term.inTitle) {
        term.titles++
        title.push(term)
      }
      term.weight = 0
      term.inTitle = false
    }
    this.#touched = []
    this.#titles.push(title)
    this.#traits.push(traitBits(document))
    this.#depths.push(Math.min(depthOf(document), DEPTH_MAX))
  }

  #addWords(field: Field, words: readonly string[], inTitle: boolean): void {
    this.#addEntries(field, this.#entriesOf(words), inTitle)
  }

  #addEntries(field: Field, entries: readonly WordEntry[], inTitle: boolean): void {
    const { weight, usual, slope } = FIELDS[field]
    const share = weight / (1 - slope + (slope * entries.length) / usual)
    for (const { terms, general } of entries)
      for (const term of terms) {
        if (term.weight === 0) this.#touched.push(term)
        term.weight += share
        if (inTitle && !general) term.inTitle = true
      }
  }

  /** Operations share their parameters: `page`, `limit` and their descriptions are read once. */
  #parameterEntries(text: string, split: (text: string) => string[]): readonly WordEntry[] {
    let entries = this.#parameters.get(text)
    if (entries === undefined) {
      entries = this.#entriesOf(split(text))
      this.#parameters.set(text, entries)
    }
    return entries
  }

  #entriesOf(words: readonly string[]): WordEntry[] {
    return words.map((word) => this.#entryOf(word)).filter((it) => it !== NOTHING)
  }

  #entryOf(word: string): WordEntry {
    let entry = this.#entries.get(word)
    if (entry === undefined) {
      entry = this.#readWord(word)
      this.#entries.set(word, entry)
    }
    return entry
  }

  #readWord(word: string): WordEntry {
    const lower = word.toLowerCase()
    if (STOP_WORDS.has(lower) || isVersion(lower)) return NOTHING
    return {
      terms: this.#vocabulary.stems(word).map((stem) => this.#termOf(stem)),
      general: verbMeaning(lower)?.general === true,
    }
  }

  #termOf(text: string): Term {
    let term = this.#terms.get(text)
    if (term === undefined) {
      term = { text, postings: [], titles: 0, weight: 0, inTitle: false }
      this.#terms.set(text, term)
    }
    return term
  }
}

/** A group's name in an operation's own name only repeats where the operation belongs. */
function ownWords(
  document: SearchDocument,
  tags: readonly string[],
  head: readonly string[],
): readonly string[] {
  const leaf = leafWords(document)
  const own = leaf.filter((word) => head.includes(word) || !tags.includes(word))
  return own.length > 0 ? own : leaf
}

function traitBits(document: SearchDocument): number {
  return (
    actionCode(actionOf(document)) |
    (isOutdated(document) ? OUTDATED_BIT : 0) |
    (document.readOnly ? READING_BIT : 0)
  )
}

function groupOf({ name }: SearchDocument): string {
  const dot = name.indexOf('.')
  return dot < 0 ? '' : name.slice(0, dot)
}

/** The first sentence, and what follows of it, without markup and addresses. */
function splitDescription(description: string): [string, string] {
  const text = description
    .slice(0, DESCRIPTION_CHARS_MAX)
    .replace(/<[^<>]*>/g, ' ')
    .replace(/\]\([^()]*\)/g, ' ')
    .replace(/https?:\S+/g, ' ')
    .trim()
  const end = /[.!?](?:\s|$)|\n\s*\n/.exec(text)?.index ?? text.length
  return [text.slice(0, end), text.slice(end + 1)]
}
