import type { ConnectionKey, Partition } from './connection.ts'
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

/** The same for a token of a sign-in. */
export function formatTokenItemId(
  { owner, integration, name }: ConnectionKey,
  kind: 'access' | 'refresh',
  revision: string,
): string {
  const id = ['oauth', owner, integration, name, revision].join(':')
  return kind === 'access' ? id : `${id}:refresh`
}

export function formatClientItemId(
  { owner }: Partition,
  { slug, revision }: { slug: string; revision: string },
): string {
  return ['oauth-client', owner, slug, revision, 'secret'].join(':')
}

/** For the secret half of PKCE, as long as a sign-in is under way. */
export function formatSessionItemId(id: string): string {
  return ['oauth-session', id, 'verifier'].join(':')
}

/** The connection an item was written for; null for items of another kind. */
export function parseItemId({ tenant, owner, subject, id }: Item): ConnectionKey | null {
  const [kind, , integration, name] = id.split(':')
  if ((kind !== 'connection' && kind !== 'oauth') || !integration || !name) return null
  return { tenant, owner, subject, integration, name }
}

/** The client an item was written for; null for items of another kind. */
export function parseClientItemId({ id }: Item): { slug: string } | null {
  const [kind, , slug] = id.split(':')
  return kind === 'oauth-client' && slug ? { slug } : null
}

export function isSessionItemId({ id }: Item): boolean {
  return id.startsWith('oauth-session:')
}
