import type { Handler } from '@executor/bus'
import { type catalog, integrationChanged } from '@executor/contracts'
import type { CatalogDeps } from '../deps.ts'
import { getOwnRow, integrationUnknown, toIntegration } from '../integration.ts'
import { assertMayManage } from '../manage.ts'

/** Name and description: what people read, nothing that a call depends on. */
export function updateIntegration({
  store,
  bus,
}: CatalogDeps): Handler<typeof catalog.updateIntegration> {
  return async ({ slug, name, description }, { principal }) => {
    assertMayManage(principal)
    await getOwnRow(store, principal.tenant, slug)
    const row = await store.updateIntegration(principal.tenant, slug, {
      ...(name === undefined ? {} : { name }),
      ...(description === undefined ? {} : { description }),
      updatedAt: Date.now(),
    })
    if (!row) throw integrationUnknown(slug)
    bus.publish(integrationChanged, { tenant: principal.tenant, slug, change: 'updated' })
    return toIntegration(row)
  }
}
