/** Milliseconds before its end at which a token is replaced: calls take a while to arrive. */
const SKEW_MS = 60_000

/** When a token is to be replaced, though it is valid yet. All times are milliseconds since 1970. */
export function dueAt({ expiresAt }: { expiresAt: number | null }): number {
  return expiresAt === null ? Number.POSITIVE_INFINITY : expiresAt - SKEW_MS
}
