import type { Handler } from '@executor/bus'
import type { catalog } from '@executor/contracts'
import type { CatalogDeps } from '../deps.ts'
import { integrationUnknown } from '../integration.ts'

/** Which snapshot an address belongs to right now. Whether it has the operation, the snapshot knows. */
export function locateTool({ store }: CatalogDeps): Handler<typeof catalog.locateTool> {
  return async ({ integration: slug, owner, connection }, { principal }) => {
    const integration = await store.findIntegration(principal.tenant, slug)
    if (!integration) throw integrationUnknown(slug)
    const { kind, revision } = integration
    const subject = owner === 'user' ? principal.subject : ''
    const own =
      kind === 'mcp'
        ? await store.findConnectionSnapshot(principal.tenant, {
            integration: slug,
            owner,
            subject,
            connection,
          })
        : null
    return { integration: slug, kind, revision, snapshot: own ?? integration.snapshot }
  }
}
