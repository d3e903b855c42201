import type { Handler } from '@executor/bus'
import type { catalog } from '@executor/contracts'
import type { CatalogDeps } from '../deps.ts'
import { getRow } from '../integration.ts'

/** What the kind's own code works with; at one revision it never changes. */
export function getIntegrationSettings({
  store,
}: CatalogDeps): Handler<typeof catalog.getIntegrationSettings> {
  return async ({ slug }, { principal }) => {
    const { kind, revision, authMethods, config } = await getRow(store, principal.tenant, slug)
    return { slug, kind, revision, authMethods, config }
  }
}
