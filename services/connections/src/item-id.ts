import type { ConnectionKey } from './connection.ts'
import type { Item } from './providers/provider.ts'

/**
 * The id of one value of a connection. It carries the revision, so that a value is written once and
 * never over another: swapping the connection's row swaps all of its values at once.
 */
export function formatItemId(
  { owner, integration, name }: ConnectionKey,
  variable: string,
  revision: string,
): string {
  return ['connection', owner, integration, name, revision, variable].join(':')
}

/** The connection an item was written for; null for items of another kind. */
export function parseItemId({ tenant, owner, subject, id }: Item): ConnectionKey | null {
  const [kind, , integration, name] = id.split(':')
  if (kind !== 'connection' || !integration || !name) return null
  return { tenant, owner, subject, integration, name }
}
