import { type Owner, type Principal, ServiceError } from '@executor/contracts'
import { toPartition } from '../access.ts'
import type { ConnectionRow } from '../connection.ts'
import type { HandlerDeps } from '../deps.ts'
import type { OauthClientRow } from './client.ts'
import type { KnownServer } from './known-server.ts'

/** A client by its name, for whoever may see it. Throws `oauth_client_unknown`. */
export async function getOauthClient(
  { store }: Pick<HandlerDeps, 'store'>,
  principal: Principal,
  { owner, slug }: { owner: Owner; slug: string },
): Promise<OauthClientRow> {
  const found = await store.findOauthClient({ ...toPartition(principal, owner), slug })
  if (found) return found
  throw new ServiceError(
    'not_found',
    'oauth_client_unknown',
    `No ${owner === 'org' ? 'shared' : 'personal'} OAuth app named "${slug}". Register one first.`,
    { details: { owner, slug } },
  )
}

/** The client that a connection was signed in with; null where it is gone, or never was. */
export async function clientOf(
  { store }: Pick<HandlerDeps, 'store'>,
  { tenant, subject, oauthClient: slug, oauthClientOwner: owner }: ConnectionRow,
): Promise<OauthClientRow | null> {
  if (slug === null || owner === null) return null
  return store.findOauthClient({ tenant, owner, subject: owner === 'org' ? '' : subject, slug })
}

/** Registered with this server and no other: as another's it is not shown to it, nor is its secret. */
export function belongsTo(client: OauthClientRow, server: KnownServer): boolean {
  if (client.issuer !== null && server.issuer !== null) return client.issuer === server.issuer
  return client.tokenUrl === server.tokenUrl
}

export function assertBelongsTo(client: OauthClientRow, server: KnownServer): void {
  if (belongsTo(client, server)) return
  throw new ServiceError(
    'failed_precondition',
    'oauth_client_mismatch',
    `The OAuth app "${client.slug}" is registered with ${hostOf(client.tokenUrl)}, and tokens come from ${hostOf(server.tokenUrl)}. Use an app that is registered there.`,
  )
}

function hostOf(url: string): string {
  return URL.parse(url)?.host ?? 'another server'
}
