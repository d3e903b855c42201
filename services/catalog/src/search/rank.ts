import type { Plan, PlannedConcept } from './plan.ts'
import { rarity } from './rarity.ts'
import {
  ACTION_MASK,
  IMPACT_MAX,
  OUTDATED_BIT,
  READING_BIT,
  type SearchIndex,
  TITLE_BIT,
} from './search-index.ts'

/** How the parts of a score weigh against each other; measured by bench/search. */
const RANKING = {
  /** An operation all of whose title was asked for, beside one of whose title nothing was. */
  title: 0.9,
  /** An operation that does what is wanted, beside one that does something else. */
  action: 0.4,
  /** An operation that changes where looking was asked for, and the other way round. */
  mismatch: 0.65,
  outdated: 0.8,
  /** Per step of the path: what lies deeper is more particular. */
  depth: 0.03,
  /** The integration was named in the question. */
  named: 0.6,
}
/** An impact this strong counts as the concept being there in full. */
const FULL_IMPACT = 0.5

/** Room for the scores of the largest index, used for one index after the other. */
export class Scratch {
  readonly score: Float32Array
  readonly title: Float32Array
  readonly coverage: Float32Array
  readonly best: Float32Array
  readonly bestTitle: Float32Array
  /** Of terms that count together: the weakest so far, and one of them by itself. */
  readonly weakest: Float32Array
  readonly titles: Float32Array
  readonly own: Float32Array
  readonly ownTitle: Float32Array

  constructor(documents: number) {
    this.score = new Float32Array(documents)
    this.title = new Float32Array(documents)
    this.coverage = new Float32Array(documents)
    this.best = new Float32Array(documents)
    this.bestTitle = new Float32Array(documents)
    this.weakest = new Float32Array(documents)
    this.titles = new Float32Array(documents)
    this.own = new Float32Array(documents)
    this.ownTitle = new Float32Array(documents)
  }
}

/** The scores of one index's operations, by ordinal; zero where nothing of the question is there. */
export function rankIndex(
  index: SearchIndex,
  at: number,
  plan: Plan,
  scratch: Scratch,
): Float32Array {
  const { documents } = index
  const named = Math.min(1, plan.named[at] ?? 0)
  scratch.score.fill(0, 0, documents)
  scratch.title.fill(0, 0, documents)
  scratch.coverage.fill(0, 0, documents)
  let given = 0
  for (const concept of plan.concepts) {
    const credited = concept.names.has(at)
    if (credited) given += concept.weight * named
    if (collect(index, plan.places.cells, at * plan.places.width, concept, scratch))
      add(scratch, documents, concept, credited ? 1 - named : 1)
  }
  return finish(index, plan, scratch, given, 1 + RANKING.named * named)
}

/** Raises `best` to what the concept is worth in each operation; false where it is in none. */
function collect(
  index: SearchIndex,
  places: Int32Array,
  row: number,
  { starts, weights }: PlannedConcept,
  scratch: Scratch,
): boolean {
  const { best, bestTitle } = scratch
  let found = false
  for (let alternative = 0; alternative < weights.length; alternative++) {
    const first = row + (starts[alternative] as number)
    const end = row + (starts[alternative + 1] as number)
    const weight = weights[alternative] as number
    if ((places[first] as number) < 0) continue
    if (end === first + 1) spread(index, places[first] as number, weight, best, bestTitle)
    else {
      const terms = places.subarray(first, end)
      if (terms.includes(-1)) continue
      spreadTogether(index, terms, weight, scratch)
    }
    found = true
  }
  return found
}

/** Adds one concept's worth to the scores, and clears it for the next. */
function add(
  { score, title, coverage, best, bestTitle }: Scratch,
  documents: number,
  { weight, part }: PlannedConcept,
  uncredited: number,
): void {
  const covered = (weight * uncredited) / FULL_IMPACT
  const coveredMax = weight * uncredited
  for (let ordinal = 0; ordinal < documents; ordinal++) {
    const impact = best[ordinal] as number
    if (impact === 0) continue
    score[ordinal] = (score[ordinal] as number) + weight * impact
    coverage[ordinal] = (coverage[ordinal] as number) + Math.min(coveredMax, covered * impact)
    title[ordinal] = (title[ordinal] as number) + (bestTitle[ordinal] as number) * part
    best[ordinal] = 0
    bestTitle[ordinal] = 0
  }
}

function finish(
  index: SearchIndex,
  { mass, affinities, reads }: Plan,
  { score, title, coverage }: Scratch,
  given: number,
  named: number,
): Float32Array {
  const { documents, titleMass, traits, depths } = index
  for (let ordinal = 0; ordinal < documents; ordinal++) {
    const raw = score[ordinal] as number
    if (raw === 0) continue
    const trait = traits[ordinal] as number
    const titled = titleMass[ordinal] as number
    const titleShare = titled > 0 ? Math.min(1, (title[ordinal] as number) / titled) : 0
    const covered = Math.min(1, ((coverage[ordinal] as number) + given) / mass)
    let final = raw * named * (1 + RANKING.title * titleShare) * covered
    final *= 1 + RANKING.action * (affinities[trait & ACTION_MASK] as number)
    final /= 1 + RANKING.depth * (depths[ordinal] as number)
    if (trait & OUTDATED_BIT) final *= RANKING.outdated
    if (reads !== undefined && reads !== (trait & READING_BIT) > 0) final *= RANKING.mismatch
    score[ordinal] = final
  }
  return score.slice(0, documents)
}

/** Raises each operation's best impact to what this term gives it. */
function spread(
  { postings, postingStarts, titleFrequencies, documents }: SearchIndex,
  term: number,
  weight: number,
  best: Float32Array,
  bestTitle: Float32Array,
): void {
  const end = postingStarts[term + 1] ?? 0
  const scale = weight / IMPACT_MAX
  const mass = weight * rarity(titleFrequencies[term] ?? 0, documents)
  let ordinal = -1
  for (let at = postingStarts[term] ?? 0; at < end; ) {
    let byte = postings[at++] as number
    let distance = byte & 0x7f
    for (let shift = 7; byte & 0x80; shift += 7) {
      byte = postings[at++] as number
      distance |= (byte & 0x7f) << shift
    }
    ordinal += distance + 1
    const packed = postings[at++] as number
    const impact = (packed & IMPACT_MAX) * scale
    if (impact > (best[ordinal] as number)) best[ordinal] = impact
    if (packed & TITLE_BIT && mass > (bestTitle[ordinal] as number)) bestTitle[ordinal] = mass
  }
}

/** Terms that mean something together count as the weakest of them does. */
function spreadTogether(
  index: SearchIndex,
  terms: Int32Array,
  weight: number,
  { best, bestTitle, weakest, titles, own, ownTitle }: Scratch,
): void {
  const { documents } = index
  weakest.fill(Number.POSITIVE_INFINITY, 0, documents)
  titles.fill(0, 0, documents)
  for (const term of terms) {
    own.fill(0, 0, documents)
    ownTitle.fill(0, 0, documents)
    spread(index, term, weight, own, ownTitle)
    for (let ordinal = 0; ordinal < documents; ordinal++) {
      weakest[ordinal] = Math.min(weakest[ordinal] as number, own[ordinal] as number)
      titles[ordinal] = (titles[ordinal] as number) + (ownTitle[ordinal] as number)
    }
  }
  for (let ordinal = 0; ordinal < documents; ordinal++) {
    const impact = weakest[ordinal] as number
    if (impact === 0) continue
    if (impact > (best[ordinal] as number)) best[ordinal] = impact
    if ((titles[ordinal] as number) > (bestTitle[ordinal] as number))
      bestTitle[ordinal] = titles[ordinal] as number
  }
}
