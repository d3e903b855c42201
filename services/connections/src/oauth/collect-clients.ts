import type { HandlerDeps } from '../deps.ts'
import { isSelfRegistered, type OauthClientRow } from './client.ts'
import { removeClientSecret } from './client-secret.ts'

/** Removes a client that we registered by ourselves, once nothing hangs on it. */
export async function removeIfUnused(
  { store, providers, clock }: Pick<HandlerDeps, 'store' | 'providers' | 'clock'>,
  client: OauthClientRow | null,
): Promise<void> {
  if (!client || !isSelfRegistered(client)) return
  if (await store.isOauthClientUsed(client, clock())) return
  if (await store.removeOauthClient(client.id)) await removeClientSecret(providers, client)
}
