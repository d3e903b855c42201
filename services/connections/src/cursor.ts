import { Owner, ServiceError } from '@executor/contracts'
import { z } from 'zod'
import type { ConnectionCursor } from './connection.ts'

const Parts = z.tuple([z.string(), Owner, z.string()])

export function encodeCursor({ integration, owner, name }: ConnectionCursor): string {
  return Buffer.from(JSON.stringify([integration, owner, name])).toString('base64url')
}

/** Throws `invalid_argument` (`cursor_invalid`). */
export function parseCursor(cursor: string): ConnectionCursor {
  const parts = Parts.safeParse(parseJson(Buffer.from(cursor, 'base64url').toString()))
  if (!parts.success) {
    throw new ServiceError(
      'invalid_argument',
      'cursor_invalid',
      'This cursor is not one of ours. Start the list again.',
    )
  }
  const [integration, owner, name] = parts.data
  return { integration, owner, name }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Not ours either; the caller says so.
    return null
  }
}
