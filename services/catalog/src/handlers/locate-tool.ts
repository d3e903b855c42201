import type { Handler } from '@executor/bus'
import type { catalog } from '@executor/contracts'
import type { CatalogDeps } from '../deps.ts'
import { integrationUnknown } from '../integration.ts'

/** Which snapshot an address belongs to right now. Whether it has the operation, the snapshot knows. */
export function locateTool({
  store,
  accountSnapshots,
}: CatalogDeps): Handler<typeof catalog.locateTool> {
  return async ({ integration: slug, owner, connection }, context) => {
    const integration = await store.findIntegration(context.principal.tenant, slug)
    if (!integration) throw integrationUnknown(slug)
    const { kind, revision } = integration
    const own = await accountSnapshots.find({ integration, owner, connection }, context)
    return { integration: slug, kind, revision, snapshot: own ?? integration.snapshot }
  }
}
