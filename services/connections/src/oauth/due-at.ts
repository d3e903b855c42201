/** Milliseconds before its end at which a token is replaced: calls take a while to arrive. */
const SKEW_MS = 60_000

interface Token {
  expiresAt: number | null
  /** When it was given, or somewhat later. */
  updatedAt: number
}

/**
 * When a token is to be replaced, though it is valid yet. All times are milliseconds since 1970. One that
 * lives for a minute or two is good for half its life, or every call would bring another.
 */
export function dueAt({ expiresAt, updatedAt }: Token): number {
  if (expiresAt === null) return Number.POSITIVE_INFINITY
  const halfLife = Math.max(0, expiresAt - updatedAt) / 2
  return expiresAt - Math.min(SKEW_MS, halfLife)
}
