import { correct } from './corrections.ts'
import { createPlan } from './plan.ts'
import { createQueryParser } from './query.ts'
import { rankIndex, Scratch } from './rank.ts'
import type { SearchIndex } from './search-index.ts'
import { readSynonyms } from './synonyms.ts'

export interface SearchTarget {
  /** Whose index it is, in the answer. */
  key: string
  /** The integration's slug, where it is not the key; its words in a question speak for it. */
  integration?: string
  index: SearchIndex
  /** Whether the asker may see the operation. */
  allows(ordinal: number): boolean
}

export interface SearchOptions {
  limit: number
  offset: number
  /** Only targets of this key or integration. */
  namespace?: string
}

export interface SearchHit {
  key: string
  ordinal: number
  score: number
}

export interface SearchHits {
  items: SearchHit[]
  total: number
}

/** Share of the best answer's score below which nothing counts as an answer. */
const FLOOR = 0.3

/** Made with the first question: a start need not wait for it. */
const queryParser = once(() => createQueryParser(readSynonyms()))

/** Answers a question from all indexes together, best first; what may not be seen is as if it were not there. */
export function searchIndexes(
  targets: readonly SearchTarget[],
  text: string,
  { limit, offset, namespace }: SearchOptions,
): SearchHits {
  const searched = targets.filter(
    ({ key, integration }) =>
      namespace === undefined || key === namespace || integration === namespace,
  )
  const parser = queryParser()
  const asked = parser.parse(text)
  if (asked.concepts.length === 0) return browse(searched, limit, offset)
  const corrections = correct(asked, searched, parser)
  const plan = createPlan(corrections ? parser.parse(text, corrections) : asked, searched)
  const scratch = new Scratch(Math.max(0, ...searched.map(({ index }) => index.documents)))
  const scores = searched.map(({ index }, at) => rankIndex(index, at, plan, scratch))
  const hits = allowedHits(searched, scores)
  return { items: hits.slice(offset, offset + limit), total: hits.length }
}

/** Without words to go by, everything there is, in its own order. */
function browse(targets: readonly SearchTarget[], limit: number, offset: number): SearchHits {
  const items: SearchHit[] = []
  let total = 0
  for (const { key, index, allows } of targets)
    for (let ordinal = 0; ordinal < index.documents; ordinal++) {
      if (!allows(ordinal)) continue
      if (total >= offset && items.length < limit) items.push({ key, ordinal, score: 0 })
      total++
    }
  return { items, total }
}

/** What may be seen and is not far worse than the best that may be seen; best first. */
function allowedHits(
  targets: readonly SearchTarget[],
  scores: readonly Float32Array[],
): SearchHit[] {
  let best = 0
  for (const [at, target] of targets.entries()) {
    const own = scores[at] ?? new Float32Array()
    for (let ordinal = 0; ordinal < own.length; ordinal++)
      if ((own[ordinal] as number) > best && target.allows(ordinal)) best = own[ordinal] as number
  }
  const floor = best * FLOOR
  const hits: SearchHit[] = []
  if (best === 0) return hits
  for (const [at, target] of targets.entries()) {
    const own = scores[at] ?? new Float32Array()
    for (let ordinal = 0; ordinal < own.length; ordinal++) {
      const score = own[ordinal] as number
      if (score >= floor && target.allows(ordinal)) hits.push({ key: target.key, ordinal, score })
    }
  }
  // Equal scores keep the order of integrations and operations: sorting is stable.
  return hits.sort((a, b) => b.score - a.score)
}

function once<T>(make: () => T): () => T {
  let made: T | undefined
  return () => {
    made ??= make()
    return made
  }
}
