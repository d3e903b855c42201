import { ACTIONS, type Action } from './actions.ts'
import { findPlaces, type Places } from './places.ts'
import type { Alternative, Concept, Query } from './query.ts'
import { rarity } from './rarity.ts'
import type { SearchIndex } from './search-index.ts'
import { isVersion, splitIdentifier } from './words.ts'

/** How a question is laid against the indexes; measured by bench/search. */
const PLANNING = {
  /** Concepts count the less for being common, but not in proportion. */
  rarityPower: 0.7,
  /** Where no operation uses the asker's own word, what it may mean is all there is. */
  missing: 1.5,
}

/** How well an operation's action (second) answers a wish for another (first). */
const AFFINITY: Record<Action, Partial<Record<Action, number>>> = {
  list: { list: 1, read: 0.5 },
  read: { read: 1, list: 0.6 },
  create: { create: 1, act: 0.5, update: 0.4 },
  update: { update: 1, act: 0.5, create: 0.3 },
  delete: { delete: 1, act: 0.5 },
  act: { act: 1, create: 0.6, update: 0.6, delete: 0.2 },
}

/** Words of slugs that name no product. */
const NAMELESS: ReadonlySet<string> = new Set([
  'api',
  'apis',
  'rest',
  'com',
  'www',
  'public',
  'openapi',
  'mcp',
  'graphql',
])

export interface PlannedConcept {
  /** How much it counts in the end: its part in the question, and how much it tells. */
  weight: number
  /** Its part in the question alone. */
  part: number
  /** By alternative: how much it counts, and where its terms begin in a row of places. */
  weights: Float64Array
  starts: Int32Array
  /** Indexes whose integration the concept names. */
  names: ReadonlySet<number>
}

export interface Plan {
  concepts: PlannedConcept[]
  places: Places
  /** What all concepts count together. */
  mass: number
  /** By action code: how well an operation of that action answers. */
  affinities: Float64Array
  /** Whether something is to be looked at, or done; undefined where the words do not tell. */
  reads: boolean | undefined
  /** Per index: how much of its integration's name was said. */
  named: Float64Array
}

export interface Indexed {
  key: string
  integration?: string
  index: SearchIndex
}

/** Finds every word of the question in every index, and weighs it by all of them together. */
export function createPlan(query: Query, targets: readonly Indexed[]): Plan {
  const documents = targets.reduce((sum, { index }) => sum + index.documents, 0)
  const words = query.concepts.flatMap((concept) => concept.words)
  const slugs = targets.map((target) => spokenWords(target, words))
  const terms = query.concepts.flatMap(({ alternatives }) => alternatives.flatMap((it) => it.terms))
  const places = findPlaces(
    terms,
    targets.map(({ index }) => index),
  )
  let start = 0
  const concepts = query.concepts.map((concept) => {
    const starts = startsOf(concept.alternatives, start)
    start = starts.at(-1) ?? start
    const weight = concept.weight * weightOf(starts, places, documents)
    return { ...countOf(concept, starts, places), weight, names: namedBy(concept, slugs) }
  })
  const named = new Float64Array(targets.length)
  for (const { names } of concepts)
    for (const at of names) named[at] = (named[at] ?? 0) + 1 / (slugs[at]?.size ?? 1)
  return {
    concepts,
    places,
    named,
    mass: concepts.reduce((sum, { weight }) => sum + weight, 0),
    affinities: affinitiesOf(query.actions),
    reads: readsOnly(query.actions),
  }
}

function countOf({ alternatives, weight }: Concept, starts: Int32Array, { totals }: Places) {
  const boost = totals[starts[0] as number] ? 1 : PLANNING.missing
  const weights = Float64Array.from(alternatives, (alternative) => alternative.weight * boost)
  return { starts, weights, part: weight }
}

function startsOf(alternatives: readonly Alternative[], first: number): Int32Array {
  const starts = new Int32Array(alternatives.length + 1).fill(first)
  alternatives.forEach(({ terms }, at) => {
    starts[at + 1] = (starts[at] as number) + terms.length
  })
  return starts
}

/** The rarer the commonest name of a concept, the more the concept tells. */
function weightOf(starts: Int32Array, { totals }: Places, documents: number): number {
  let common = 0
  for (let at = 0; at + 1 < starts.length; at++) {
    // Terms that must stand together do so at most as often as the rarest of them stands alone.
    const together = Math.min(...totals.subarray(starts[at], starts[at + 1]))
    common = Math.max(common, together)
  }
  return rarity(Math.min(documents, common), documents) ** PLANNING.rarityPower
}

/** The words of the integration's name, where one of them can have been said at all. */
function spokenWords({ key, integration = key }: Indexed, words: readonly string[]) {
  return words.some((word) => integration.includes(word)) ? significantWords(integration) : NAMELESS
}

function significantWords(slug: string): ReadonlySet<string> {
  return new Set(splitIdentifier(slug).filter((it) => !isVersion(it) && !NAMELESS.has(it)))
}

function namedBy(concept: Concept, slugs: readonly ReadonlySet<string>[]): Set<number> {
  const names = new Set<number>()
  slugs.forEach((slug, at) => {
    if (slug !== NAMELESS && concept.words.some((word) => slug.has(word))) names.add(at)
  })
  return names
}

function affinitiesOf(actions: readonly Action[]): Float64Array {
  return Float64Array.from(ACTIONS, (action) =>
    Math.max(0, ...actions.map((wanted) => AFFINITY[wanted][action] ?? 0)),
  )
}

function readsOnly(actions: readonly Action[]): boolean | undefined {
  const reading = actions.filter((it) => it === 'list' || it === 'read').length
  if (reading === 0) return actions.length === 0 ? undefined : false
  return reading === actions.length ? true : undefined
}
