import { ServiceError } from '@executor/contracts'

/** Where a list, latest first, goes on: before this row. */
export interface TimeCursor {
  createdAt: number
  id: string
}

export function encodeCursor({ createdAt, id }: TimeCursor): string {
  return `${createdAt}.${id}`
}

/** Throws `invalid_argument` (`cursor_invalid`). */
export function decodeCursor(cursor: string): TimeCursor {
  const [, time, id] = /^(\d{1,15})\.([A-Za-z0-9_-]{1,80})$/.exec(cursor) ?? []
  if (time && id) return { createdAt: Number(time), id }
  throw new ServiceError(
    'invalid_argument',
    'cursor_invalid',
    'Start the list again: this cursor is not ours.',
  )
}
