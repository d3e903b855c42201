import type { CallContext, Handler } from '@executor/bus'
import { type catalog, connections, integrationChanged } from '@executor/contracts'
import type { CatalogDeps } from '../deps.ts'
import { compareTools, saveSnapshot } from '../imports.ts'
import { getOwnRow, integrationUnknown, nextRevision } from '../integration.ts'
import { assertMayManage } from '../manage.ts'
import { toSourceContext } from '../source-context.ts'
import type { SourceAccount } from '../sources/source.ts'
import type { IntegrationRow } from '../store.ts'

/**
 * Reads the source again and swaps one pointer. Connections, names and descriptions stay; a source
 * that cannot be read leaves everything as it was.
 */
export function refreshIntegration(deps: CatalogDeps): Handler<typeof catalog.refreshIntegration> {
  const { store, sources, bus } = deps
  return async ({ slug, input }, asked) => {
    const { principal, signal } = asked
    const { tenant } = principal
    assertMayManage(principal)
    const row = await getOwnRow(store, tenant, slug)
    const kind = sources.get(row.kind)
    const account = kind.accountTools && (await findAccount(deps, row, { principal, signal }))
    const context = { ...toSourceContext(asked), ...(account ? { account } : {}) }
    const source = await kind.refresh(row, input, context)
    try {
      const { snapshot } = source
      const before = await store.listTools(tenant, row.snapshot)
      await saveSnapshot(deps, tenant, source)
      const updated = await store.updateIntegration(tenant, slug, {
        config: source.config,
        authMethods: source.authMethods,
        snapshot: snapshot.hash,
        toolCount: snapshot.tools.length,
        displayUrl: source.displayUrl ?? null,
        canRefresh: source.canRefresh,
        revision: nextRevision(),
        updatedAt: Date.now(),
      })
      if (!updated) throw integrationUnknown(slug)
      if (row.snapshot !== snapshot.hash) await store.dropUnusedSnapshot(tenant, row.snapshot)
      bus.publish(integrationChanged, { tenant, slug, change: 'updated' })
      return {
        slug,
        toolCount: snapshot.tools.length,
        ...compareTools(before, snapshot.tools),
        warnings: source.warnings,
      }
    } finally {
      source.close()
    }
  }
}

/** What the organization shares is read with what it shares. */
async function findAccount(
  { bus }: CatalogDeps,
  integration: IntegrationRow,
  options: Pick<CallContext, 'principal' | 'signal'>,
): Promise<SourceAccount | null> {
  const filter = { integration: integration.slug, owner: 'org' as const, limit: 1 }
  const { items } = await bus.request(connections.listConnections, filter, options)
  const [first] = items
  return first ? { integration, owner: first.owner, name: first.name } : null
}
