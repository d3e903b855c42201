import type { Handler } from '@executor/bus'
import type { catalog } from '@executor/contracts'
import type { CatalogDeps } from '../deps.ts'
import { getRow, toIntegration } from '../integration.ts'

export function getIntegration({ store }: CatalogDeps): Handler<typeof catalog.getIntegration> {
  return async ({ slug }, { principal }) =>
    toIntegration(await getRow(store, principal.tenant, slug))
}
