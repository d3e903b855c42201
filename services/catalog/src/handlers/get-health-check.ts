import type { Handler } from '@executor/bus'
import type { catalog } from '@executor/contracts'
import type { CatalogDeps } from '../deps.ts'
import { getRow } from '../integration.ts'

export function getHealthCheck({ store }: CatalogDeps): Handler<typeof catalog.getHealthCheck> {
  return async ({ slug }, { principal }) =>
    (await getRow(store, principal.tenant, slug)).healthCheck
}
