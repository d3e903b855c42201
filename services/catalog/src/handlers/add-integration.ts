import type { CallContext, Handler } from '@executor/bus'
import {
  CORE_INTEGRATION,
  type catalog,
  connections,
  integrationChanged,
  ServiceError,
  Slug,
} from '@executor/contracts'
import type { CatalogDeps } from '../deps.ts'
import { claimSlug, saveSnapshot, slugTaken } from '../imports.ts'
import { nextRevision } from '../integration.ts'
import { assertMayManage } from '../manage.ts'
import { toSourceContext } from '../source-context.ts'
import type { AddedSource } from '../sources/source.ts'

/** Reads a source and registers what it describes. A slug that was asked for is taken or refused. */
export function addIntegration(deps: CatalogDeps): Handler<typeof catalog.addIntegration> {
  const { store, sources, bus } = deps
  return async ({ kind, input }, context) => {
    const { principal, signal } = context
    const { tenant } = principal
    assertMayManage(principal)
    const source = await sources.get(kind).add(input, toSourceContext(context))
    try {
      if (source.slug !== undefined) await assertFree(deps, tenant, source.slug)
      await saveSnapshot(deps, tenant, source)
      const now = Date.now()
      const insert = (slug: string) =>
        slug === CORE_INTEGRATION
          ? Promise.resolve(false)
          : store.insertIntegration(tenant, {
              slug,
              kind,
              name: source.name,
              description: source.description,
              config: source.config,
              authMethods: source.authMethods,
              snapshot: source.snapshot.hash,
              toolCount: source.snapshot.tools.length,
              displayUrl: source.displayUrl ?? null,
              canRefresh: source.canRefresh,
              healthCheck: null,
              revision: nextRevision(),
              createdAt: now,
              updatedAt: now,
            })
      const slug = source.slug ?? (await claimSlug(source.suggestedSlug, insert))
      if (source.slug !== undefined && !(await insert(slug))) throw slugTaken(slug)
      bus.publish(integrationChanged, { tenant, slug, change: 'added' })
      await connect(deps, slug, source, { principal, signal })
      return {
        slug,
        toolCount: source.snapshot.tools.length,
        addedTools: source.snapshot.tools.map(({ name }) => name),
        removedTools: [],
        changedTools: [],
        warnings: source.warnings,
      }
    } finally {
      source.close()
    }
  }
}

/** Nobody has to connect by hand what asks for nothing, or came with what it asks for. */
async function connect(
  { bus }: CatalogDeps,
  integration: string,
  { account }: AddedSource,
  options: Pick<CallContext, 'principal' | 'signal'>,
): Promise<void> {
  if (!account) return
  const connection = { owner: 'org' as const, integration, name: 'default', ...account }
  await bus.request(connections.createConnection, connection, options)
}

async function assertFree({ store }: CatalogDeps, tenant: string, slug: string): Promise<void> {
  const parsed = Slug.safeParse(slug)
  if (!parsed.success) {
    throw new ServiceError(
      'invalid_argument',
      'slug_invalid',
      `"${slug.slice(0, 100)}" cannot be a slug: ${parsed.error.issues[0]?.message ?? ''}.`,
    )
  }
  if (slug === CORE_INTEGRATION || (await store.findIntegration(tenant, slug)))
    throw slugTaken(slug)
}
