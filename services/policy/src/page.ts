import { type Rule, ServiceError } from '@executor/contracts'

export interface PageRequest {
  limit?: number | undefined
  cursor?: string | undefined
}

/**
 * Cuts a page out of rules in the order in which they are tried. A cursor holds the place, not the
 * rule, so that a list in which rules come and go is walked without repeating or skipping.
 */
export function toPage(rules: readonly Rule[], { limit, cursor }: PageRequest) {
  const after = cursor === undefined ? null : decodeCursor(cursor)
  const start = after === null ? 0 : rules.findIndex((rule) => toPlace(rule) > after)
  const rest = start === -1 ? [] : rules.slice(start)
  const items = rest.slice(0, limit)
  const last = items.at(-1)
  if (!last || items.length === rest.length) return { items }
  return { items, nextCursor: Buffer.from(toPlace(last)).toString('base64url') }
}

/** Sorts as the list does: `org` before `user`, then by position. */
function toPlace({ owner, position }: Rule): string {
  return `${owner}:${position}`
}

function decodeCursor(cursor: string): string {
  const place = Buffer.from(cursor, 'base64url').toString()
  if (/^(org|user):[\w]+$/.test(place)) return place
  throw new ServiceError(
    'invalid_argument',
    'cursor_invalid',
    'This cursor is not one of ours. Start the list again without it.',
  )
}
