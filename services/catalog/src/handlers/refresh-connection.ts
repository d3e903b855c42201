import type { Handler } from '@executor/bus'
import type { catalog } from '@executor/contracts'
import type { CatalogDeps } from '../deps.ts'
import { getRow } from '../integration.ts'

/** Where every account reaches the same operations there is nothing to ask. */
export function refreshConnection({
  store,
  accountSnapshots,
}: CatalogDeps): Handler<typeof catalog.refreshConnection> {
  return async ({ integration: slug, owner, connection }, context) => {
    const integration = await getRow(store, context.principal.tenant, slug)
    const account = { integration, owner, connection }
    return { slug, ...(await accountSnapshots.refresh(account, context)) }
  }
}
