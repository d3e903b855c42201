import type { KnownWords } from './known-words.ts'
import type { Indexed } from './plan.ts'
import type { Query } from './query.ts'
import { findTerm, type SearchIndex, termAt } from './search-index.ts'

const LETTERS_MIN = 4
/** Shorter words have too many neighbours: only a letter left out or two swapped are believed. */
const MISTYPED_MIN = 5
/** The shortest half of two words written as one. */
const HALF_MIN = 3
/** From this length on, two mistakes are still the same word. */
const LONG_WORD = 8
/** What a longer word costs that begins like this one: less than a mistake. */
const PREFIX_COST = 0.5
/** Terms and words longer than this are never compared. */
const COMPARED_MAX = 24

interface Candidate {
  word: string
  cost: number
  frequency: number
}

/**
 * For every word of the question that nothing anywhere is called: the likeliest word that was meant,
 * mistyped or not typed to its end.
 */
export function correct(
  query: Query,
  targets: readonly Indexed[],
  { knownWords, stem }: KnownWords,
): Map<string, string> | undefined {
  let corrections: Map<string, string> | undefined
  for (const { words, alternatives } of query.concepts) {
    const [word] = words
    if (word === undefined || word.length < LETTERS_MIN || word.length > COMPARED_MAX) continue
    if (knownWords.has(word)) continue
    if (targets.some((it) => nameOf(it).includes(word) || knows(it.index, alternatives))) continue
    const meant = halves(word, targets, stem) ?? likeliest(word, targets, knownWords)
    if (meant === undefined) continue
    corrections ??= new Map()
    corrections.set(word, meant)
  }
  return corrections
}

function knows(
  index: SearchIndex,
  alternatives: Query['concepts'][number]['alternatives'],
): boolean {
  return alternatives.some(({ terms }) => terms.every((term) => findTerm(index, term) >= 0))
}

/** `pullrequest` → pull request, where one integration has both. */
function halves(
  word: string,
  targets: readonly Indexed[],
  stem: (word: string) => string,
): string | undefined {
  for (let at = HALF_MIN; at <= word.length - HALF_MIN; at++) {
    const parts = [word.slice(0, at), word.slice(at)]
    if (targets.some(({ index }) => parts.every((part) => findTerm(index, stem(part)) >= 0)))
      return parts.join(' ')
  }
  return undefined
}

function likeliest(
  word: string,
  targets: readonly Indexed[],
  knownWords: ReadonlySet<string>,
): string | undefined {
  let best: Candidate | undefined
  const consider = (candidate: string, frequency: number) => {
    const cost = costOf(word, candidate)
    if (cost === undefined) return
    if (!best || cost < best.cost || (cost === best.cost && frequency > best.frequency))
      best = { word: candidate, cost, frequency }
  }
  for (const { index } of targets)
    for (let at = 0; at < index.hashes.length; at++)
      if (mayBe(word, index, at)) consider(termAt(index, at), index.frequencies[at] ?? 0)
  // A whole word with a meaning beats the stem of one.
  for (const known of knownWords) consider(known, Number.POSITIVE_INFINITY)
  return best?.word
}

/** Compares first letters and lengths as bytes: most terms are dismissed without being decoded. */
function mayBe(word: string, index: SearchIndex, at: number): boolean {
  const start = index.termStarts[at] ?? 0
  const length = (index.termStarts[at + 1] ?? 0) - start
  return (
    length >= word.length - 2 && length <= COMPARED_MAX && index.terms[start] === word.charCodeAt(0)
  )
}

function costOf(word: string, candidate: string): number | undefined {
  if (candidate.charCodeAt(0) !== word.charCodeAt(0) || candidate.length > COMPARED_MAX)
    return undefined
  if (candidate.startsWith(word)) return PREFIX_COST
  if (word.length < MISTYPED_MIN && !hasLettersOf(candidate, word)) return undefined
  const mistakesMax = word.length >= LONG_WORD ? 2 : 1
  if (Math.abs(candidate.length - word.length) > mistakesMax) return undefined
  const mistakes = distance(word, candidate)
  return mistakes <= mistakesMax ? mistakes : undefined
}

function hasLettersOf(candidate: string, word: string): boolean {
  return [...word].every((letter) => candidate.includes(letter))
}

/** Edits between two words; swapping neighbours is one edit (optimal string alignment). */
function distance(a: string, b: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, at) => at)
  for (let row = 1; row <= a.length; row++) {
    const current = [row]
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1]
      let cost = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (same ? 0 : 1),
      )
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1])
        cost = Math.min(cost, (beforeLast[column - 2] ?? 0) + 1)
      current.push(cost)
    }
    beforeLast = last
    last = current
  }
  return last[b.length] ?? 0
}

function nameOf({ key, integration }: Indexed): string {
  return integration ?? key
}
