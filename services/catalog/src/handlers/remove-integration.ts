import type { Handler } from '@executor/bus'
import { type catalog, connections, integrationChanged, policy } from '@executor/contracts'
import type { CatalogDeps } from '../deps.ts'
import { getOwnRow } from '../integration.ts'
import { assertMayManage } from '../manage.ts'

/** Removes everything that hung on it: accounts and their secrets, rules, tools, index, reviews. */
export function removeIntegration({
  store,
  bus,
  turns,
}: CatalogDeps): Handler<typeof catalog.removeIntegration> {
  return async ({ slug }, { principal, signal }) => {
    const { tenant } = principal
    assertMayManage(principal)
    await getOwnRow(store, tenant, slug)
    // Accounts go first: were this to fail half-way, what is left can still be removed again.
    const options = { principal, signal }
    await bus.request(connections.removeIntegrationConnections, { integration: slug }, options)
    await bus.request(policy.removeIntegrationRules, { integration: slug }, options)
    const removed = await turns.take(tenant, async () => {
      const row = await store.findIntegration(tenant, slug)
      const snapshots = await store.removeConnectionSnapshots(tenant, { integration: slug })
      const isRemoved = await store.removeIntegration(tenant, slug)
      await store.removeUpkeep(tenant, slug)
      const offers = await store.removeReviews(tenant, { integration: slug })
      for (const hash of new Set([...(row ? [row.snapshot] : []), ...snapshots, ...offers])) {
        await store.dropUnusedSnapshot(tenant, hash)
      }
      if (row?.pastedText) await store.dropUnusedPastedText(tenant, row.pastedText)
      return isRemoved
    })
    bus.publish(integrationChanged, { tenant, slug, change: 'removed' })
    return { removed }
  }
}
