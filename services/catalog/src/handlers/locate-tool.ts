import type { Handler } from '@executor/bus'
import type { catalog } from '@executor/contracts'
import type { CatalogDeps } from '../deps.ts'
import { integrationUnknown } from '../integration.ts'
import { toSourceKey } from '../review/sources.ts'

/** Which snapshot an address belongs to right now. Whether it has the operation, the snapshot knows. */
export function locateTool({
  store,
  sources,
  accountSnapshots,
}: CatalogDeps): Handler<typeof catalog.locateTool> {
  return async ({ integration: slug, owner, connection }, context) => {
    const { tenant } = context.principal
    const integration = await store.findIntegration(tenant, slug)
    if (!integration) throw integrationUnknown(slug)
    const { kind, revision } = integration
    const own = await accountSnapshots.find({ integration, owner, connection }, context)
    const located = { integration: slug, kind, revision, snapshot: own ?? integration.snapshot }
    if (!sources.get(kind).isLive) return located
    const key = toSourceKey(slug, { owner, connection }, context.principal)
    const pinned = await store.listPinned(tenant, key)
    return pinned.length === 0 ? located : { ...located, pinned }
  }
}
