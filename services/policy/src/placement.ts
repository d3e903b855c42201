import { patternSpecificity, type Rule, ServiceError } from '@executor/contracts'
import { generateKeyBetween, generateNKeysBetween } from 'fractional-indexing'

/** Inserting again and again at one place makes longer and longer keys; then all are dealt anew. */
const POSITION_CHARS_MAX = 64

/** By code unit, as fractional indexes are made; databases collate each in its own way. */
export function inOrder(rules: Rule[]): Rule[] {
  return rules.sort((left, right) => (left.position < right.position ? -1 : 1))
}

/**
 * Just below everything more specific, so that a broad rule takes nothing away from the narrow ones,
 * and on top of its equals, so that what was said last holds.
 */
export function placeBySpecificity(rules: readonly Rule[], pattern: string): string {
  const specificity = patternSpecificity(pattern)
  const above = rules.findLastIndex((rule) => patternSpecificity(rule.pattern) > specificity)
  const upper = rules[above]?.position ?? null
  const lower = rules[above + 1]?.position ?? null
  return generateKeyBetween(upper, lower)
}

/** Throws `invalid_argument` where a position cannot be used. `others` does not hold the rule itself. */
export function assertPosition(position: string, others: readonly Rule[]): void {
  if (!isPosition(position)) {
    throw new ServiceError(
      'invalid_argument',
      'position_invalid',
      `"${position.slice(0, 80)}" is not a position. Use a fractional index like those of the listed rules, or leave it out.`,
    )
  }
  if (others.some((rule) => rule.position === position)) {
    throw new ServiceError(
      'already_exists',
      'position_taken',
      'Another rule has that position. List the rules and choose one between two of them.',
    )
  }
}

function isPosition(text: string): boolean {
  // The library checks the form of a key and leaves its alphabet to the caller.
  if (!/^[0-9A-Za-z]+$/.test(text)) return false
  try {
    generateKeyBetween(text, null)
    return true
  } catch {
    return false
  }
}

/** The rules with short positions, in the same order; only those that changed. */
export function respace(rules: readonly Rule[]): Rule[] {
  if (rules.every(({ position }) => position.length <= POSITION_CHARS_MAX)) return []
  const positions = generateNKeysBetween(null, null, rules.length)
  return rules.map((rule, index) => ({ ...rule, position: positions[index] ?? rule.position }))
}
