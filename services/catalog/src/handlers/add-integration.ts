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
import { claimSlug, savePastedText, saveSnapshot, slugTaken } from '../imports.ts'
import { nextRevision } from '../integration.ts'
import { assertMayManage } from '../manage.ts'
import { type ExpandedInput, expandPreset } from '../presets/expand-preset.ts'
import { toSourceContext } from '../source-context.ts'
import type { AddedSource } from '../sources/source.ts'

/** Reads a source and registers what it describes. A slug that was asked for is taken or refused. */
export function addIntegration(deps: CatalogDeps): Handler<typeof catalog.addIntegration> {
  const { store, sources, bus, turns } = deps
  return async ({ kind, input }, context) => {
    const { principal, signal } = context
    const { tenant } = principal
    assertMayManage(principal)
    const chosen = sources.get(kind)
    const expanded = expandPreset(kind, input)
    const source = await chosen.add(expanded.input, toSourceContext(context))
    const wished = expanded.suggestedSlug ?? source.suggestedSlug
    try {
      if (source.slug !== undefined) await assertFree(deps, tenant, source.slug)
      const now = Date.now()
      const insert = (slug: string, pastedText: string | null) =>
        isReserved(slug)
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
              healthCheck: fittingCheck(expanded, source),
              revision: nextRevision(),
              createdAt: now,
              updatedAt: now,
              pastedText,
            })
      const slug = await turns.take(tenant, async () => {
        const text = await savePastedText(deps, tenant, source)
        try {
          await saveSnapshot(deps, tenant, source)
          if (source.slug === undefined)
            return await claimSlug(wished, (slug) => insert(slug, text))
          if (await insert(source.slug, text)) return source.slug
          throw slugTaken(source.slug)
        } catch (error) {
          if (text !== null) await store.dropUnusedPastedText(tenant, text)
          throw error
        }
      })
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

/** A preset's check is one of an operation that its description had when the preset was written. */
function fittingCheck({ healthCheck }: ExpandedInput, { snapshot }: AddedSource) {
  const isThere = snapshot.tools.some(({ name }) => name === healthCheck?.operation)
  return healthCheck && isThere ? healthCheck : null
}

/** Our own tools, and the routes that stand where an integration's would. */
function isReserved(slug: string): boolean {
  return slug === CORE_INTEGRATION || slug === 'presets' || slug === 'detect'
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
  if (isReserved(slug) || (await store.findIntegration(tenant, slug))) throw slugTaken(slug)
}
