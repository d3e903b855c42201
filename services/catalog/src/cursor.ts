import { ServiceError } from '@executor/contracts'

/** Where a list of tools goes on: after this operation of this account. */
export interface ToolCursor {
  path: string
  ordinal: number
}

export function encodeCursor({ path, ordinal }: ToolCursor): string {
  return Buffer.from(JSON.stringify([path, ordinal])).toString('base64url')
}

/** Throws `invalid_argument` (`cursor_invalid`). */
export function decodeCursor(cursor: string): ToolCursor {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    if (Array.isArray(parsed) && typeof parsed[0] === 'string' && Number.isInteger(parsed[1])) {
      return { path: parsed[0], ordinal: parsed[1] as number }
    }
  } catch {
    // Not JSON: the same answer as any other cursor that we did not make.
  }
  throw new ServiceError(
    'invalid_argument',
    'cursor_invalid',
    'Start the list again: this cursor is not ours.',
  )
}
