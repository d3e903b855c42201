import type { Handler } from '@executor/bus'
import { type catalog, connections, integrationChanged, policy } from '@executor/contracts'
import type { CatalogDeps } from '../deps.ts'
import { getOwnRow } from '../integration.ts'
import { assertMayManage } from '../manage.ts'

/** Removes everything that hung on it: accounts and their secrets, rules, tools, index. */
export function removeIntegration({
  store,
  bus,
}: CatalogDeps): Handler<typeof catalog.removeIntegration> {
  return async ({ slug }, { principal, signal }) => {
    const { tenant } = principal
    assertMayManage(principal)
    const row = await getOwnRow(store, tenant, slug)
    // Accounts go first: were this to fail half-way, what is left can still be removed again.
    const options = { principal, signal }
    await bus.request(connections.removeIntegrationConnections, { integration: slug }, options)
    await bus.request(policy.removeIntegrationRules, { integration: slug }, options)
    const snapshots = await store.removeConnectionSnapshots(tenant, { integration: slug })
    const removed = await store.removeIntegration(tenant, slug)
    for (const hash of new Set([row.snapshot, ...snapshots])) {
      await store.dropUnusedSnapshot(tenant, hash)
    }
    bus.publish(integrationChanged, { tenant, slug, change: 'removed' })
    return { removed }
  }
}
