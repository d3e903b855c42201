import type { Secret } from '@executor/contracts'
import { toItem } from '../credentials.ts'
import { formatClientItemId } from '../item-id.ts'
import type { Providers } from '../providers/registry.ts'
import type { OauthClientKey, OauthClientRow } from './client.ts'

type Held = Pick<OauthClientRow, 'secretProvider' | 'secretItemId'>

/** The secret of a client, for as long as somebody asks in its name; null for public ones. */
export async function openClientSecret(
  providers: Providers,
  row: OauthClientRow,
): Promise<Secret | null> {
  if (row.secretItemId === null) return null
  const provider = providers.find(row.secretProvider ?? '')
  return (await provider?.get(toItem(row, row.secretItemId))) ?? null
}

/** Written under an id of its own: swapping the row swaps the secret. */
export async function writeClientSecret(
  { store }: Providers,
  key: OauthClientKey,
  secret: Secret | null,
  revision: string,
): Promise<Held> {
  if (secret === null) return { secretProvider: null, secretItemId: null }
  const id = formatClientItemId(key, { slug: key.slug, revision })
  await store.set(toItem(key, id), secret)
  return { secretProvider: store.key, secretItemId: id }
}

export async function removeClientSecret(
  providers: Providers,
  row: OauthClientKey & Held,
): Promise<void> {
  const provider = providers.find(row.secretProvider ?? '')
  if (provider?.writable && row.secretItemId !== null)
    await provider.remove([toItem(row, row.secretItemId)])
}
