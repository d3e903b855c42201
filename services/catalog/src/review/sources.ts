import type { ChangedAccount, Principal } from '@executor/contracts'
import { INTEGRATION_ITSELF } from '../store/reviews.ts'
import type { SourceKey, Store } from '../store.ts'

/** The source that somebody means: what the integration describes, or one account's own. */
export function toSourceKey(
  integration: string,
  account: ChangedAccount | undefined,
  { subject }: Principal,
): SourceKey {
  if (!account) return { integration, ...INTEGRATION_ITSELF }
  const { owner, connection } = account
  return { integration, owner, connection, subject: owner === 'user' ? subject : '' }
}

/** The snapshot that is in force; null where the source is gone. */
export async function findInForce(
  store: Store,
  tenant: string,
  key: SourceKey,
): Promise<string | null> {
  const row =
    key.connection === ''
      ? await store.findIntegration(tenant, key.integration)
      : await store.findConnectionSnapshot(tenant, key)
  return row?.snapshot ?? null
}
