import type { Handler } from '@executor/bus'
import { type catalog, integrationChanged } from '@executor/contracts'
import type { CatalogDeps } from '../deps.ts'
import { getOwnRow, integrationUnknown, nextRevision, showIntegration } from '../integration.ts'
import { assertMayManage } from '../manage.ts'

/** Servers and auth methods; the tools stay as they are. */
export function configureIntegration({
  store,
  sources,
  bus,
}: CatalogDeps): Handler<typeof catalog.configureIntegration> {
  return async ({ slug, input }, { principal }) => {
    const { tenant } = principal
    assertMayManage(principal)
    const row = await getOwnRow(store, tenant, slug)
    const { config, authMethods, displayUrl } = sources.get(row.kind).configure(row, input)
    const updated = await store.updateIntegration(tenant, slug, {
      config,
      authMethods,
      ...(displayUrl === undefined ? {} : { displayUrl }),
      revision: nextRevision(),
      updatedAt: Date.now(),
    })
    if (!updated) throw integrationUnknown(slug)
    bus.publish(integrationChanged, { tenant, slug, change: 'updated' })
    return showIntegration(store, principal, updated)
  }
}
