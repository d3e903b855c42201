import type { Rule } from './policy.ts'

export interface RuleIndex {
  /** The first of the rules that matches, in the order in which they were given. */
  match(path: string): Rule | null
  /** Whether any of the rules could match an address that begins with these segments and goes on. */
  matchesBelow(prefix: string): boolean
}

/** Patterns as a tree of segments, each place knowing the first rule that ends there. */
interface Place {
  literals: Map<string, Place>
  /** Where a `*` in the middle of a pattern leads. */
  any: Place | null
  /** The first rule whose pattern ends here, and the first that takes all below too. */
  exact: number
  subtree: number
}

/** Indexes rules with well-formed patterns, so that matching does not depend on how many there are. */
export function createRuleIndex(rules: readonly Rule[]): RuleIndex {
  const root = createPlace()
  for (const [order, { pattern }] of rules.entries()) add(root, pattern, order)
  return {
    match(path) {
      if (!rules.length) return null
      return rules[findFirst(root, path.split('.'), 0)] ?? null
    },
    matchesBelow: (prefix) => leadsBelow(root, prefix.split('.'), 0),
  }
}

function createPlace(): Place {
  return {
    literals: new Map(),
    any: null,
    exact: Number.POSITIVE_INFINITY,
    subtree: Number.POSITIVE_INFINITY,
  }
}

function add(root: Place, pattern: string, order: number): void {
  const segments = pattern.split('.')
  const isSubtree = segments.at(-1) === '*'
  if (isSubtree) segments.pop()
  let place = root
  for (const segment of segments) place = segment === '*' ? enterAny(place) : enter(place, segment)
  if (isSubtree) place.subtree = Math.min(place.subtree, order)
  else place.exact = Math.min(place.exact, order)
}

function enterAny(place: Place): Place {
  place.any ??= createPlace()
  return place.any
}

function enter(place: Place, segment: string): Place {
  const known = place.literals.get(segment)
  if (known) return known
  const entered = createPlace()
  place.literals.set(segment, entered)
  return entered
}

function findFirst(place: Place, segments: readonly string[], depth: number): number {
  const segment = segments[depth]
  if (segment === undefined) return Math.min(place.subtree, place.exact)
  const literal = place.literals.get(segment)
  let first = place.subtree
  if (literal) first = Math.min(first, findFirst(literal, segments, depth + 1))
  if (place.any) first = Math.min(first, findFirst(place.any, segments, depth + 1))
  return first
}

function leadsBelow(place: Place, segments: readonly string[], depth: number): boolean {
  if (place.subtree !== Number.POSITIVE_INFINITY) return true
  const segment = segments[depth]
  // A place exists for the rules that end in it or after it.
  if (segment === undefined) return place.literals.size > 0 || place.any !== null
  const literal = place.literals.get(segment)
  if (literal && leadsBelow(literal, segments, depth + 1)) return true
  return place.any !== null && leadsBelow(place.any, segments, depth + 1)
}
