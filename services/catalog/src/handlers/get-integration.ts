import type { Handler } from '@executor/bus'
import type { catalog } from '@executor/contracts'
import type { CatalogDeps } from '../deps.ts'
import { getRow, showIntegration } from '../integration.ts'

export function getIntegration({ store }: CatalogDeps): Handler<typeof catalog.getIntegration> {
  return async ({ slug }, { principal }) =>
    showIntegration(store, principal, await getRow(store, principal.tenant, slug))
}
