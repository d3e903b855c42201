import type { CallContext } from '@executor/bus'
import {
  connections,
  type ImportResult,
  integrationChanged,
  type RefreshPreview,
  ServiceError,
} from '@executor/contracts'
import { diffValues } from './changes/field-diff.ts'
import { type Cause, hasChanges, publishChange, toChange } from './changes/record.ts'
import { diffSnapshots } from './changes/source-diff.ts'
import { listTouchedRules, touchedNames } from './changes/touched-rules.ts'
import type { CatalogDeps } from './deps.ts'
import { compareTools, savePastedText, saveSnapshot } from './imports.ts'
import { getOwnRow, integrationUnknown, nextRevision } from './integration.ts'
import { noteOutcome } from './outcomes.ts'
import { findHeld, settle } from './review/settle.ts'
import { toSourceContext } from './source-context.ts'
import type { ImportedSource, SourceAccount } from './sources/source.ts'
import { INTEGRATION_ITSELF } from './store/reviews.ts'
import type { IntegrationRow, SourceKey } from './store.ts'
import { findMove, findSuspicion, refreshSuspicious } from './suspicion.ts'

export interface RefreshRequest {
  slug: string
  /** The kind's own. */
  input: unknown
  cause: Cause
  /** Even where so much is gone that the source itself may be broken. */
  force: boolean
}

type Context = Pick<CallContext, 'principal' | 'signal' | 'attachment'>

/** Somebody changed the integration while its source was read. */
const ATTEMPTS_MAX = 2

/**
 * Reads the source again and swaps one pointer. Connections, names and descriptions stay; a source
 * that cannot be read leaves everything as it was, and the integration says since when and why.
 */
export async function refreshSource(
  deps: CatalogDeps,
  request: RefreshRequest,
  context: Context,
): Promise<ImportResult> {
  const { tenant } = context.principal
  // What is not there, or not ours to refresh, has nothing to say about how that went.
  await getOwnRow(deps.store, tenant, request.slug)
  try {
    const result = await refreshOnce(deps, request, context)
    await noteOutcome(deps.store, tenant, request.slug, null)
    return result
  } catch (error) {
    // Whoever asked went away: that says nothing about the source.
    if (!context.signal.aborted) await noteOutcome(deps.store, tenant, request.slug, error)
    throw error
  }
}

async function refreshOnce(
  deps: CatalogDeps,
  request: RefreshRequest,
  context: Context,
): Promise<ImportResult> {
  const { tenant } = context.principal
  for (let attempt = 1; ; attempt++) {
    const row = await getOwnRow(deps.store, tenant, request.slug)
    const source = await readSource(deps, row, request.input, context)
    try {
      const done = await deps.turns.take(tenant, () => apply(deps, row, source, request, context))
      if (done) return done
      // A document that came with the request has been taken apart.
      if (attempt === ATTEMPTS_MAX || context.attachment) throw changedMeanwhile(request.slug)
    } finally {
      source.close()
    }
  }
}

/** Null when the integration is no longer what it was read for. */
async function apply(
  deps: CatalogDeps,
  row: IntegrationRow,
  source: ImportedSource,
  { cause, force }: RefreshRequest,
  { principal }: Context,
): Promise<ImportResult | null> {
  const { store, bus } = deps
  const { tenant, subject } = principal
  const { slug, snapshot: inForce } = row
  const key: SourceKey = { integration: slug, ...INTEGRATION_ITSELF }
  const offered = source.snapshot.hash
  const current = await store.findIntegration(tenant, slug)
  if (current?.revision !== row.revision) return null
  const [{ review: mode }, known, offerBefore] = await Promise.all([
    store.findUpkeep(tenant, slug),
    store.listHeld(tenant, key),
    store.findOffer(tenant, key),
  ])
  const settings = diffValues(settingsOf(row), settingsOf(source))
  if (!force) await assertPlausible(deps, tenant, row, source, findMove(mode, settings))
  const pastedText = await savePastedText(deps, tenant, source, row.pastedText)
  await saveSnapshot(deps, tenant, source)
  const settled = await settle(store, { tenant, inForce, offered, mode, known })
  const { snapshot, tools, held, changes } = settled
  const sides = { tenant, before: inForce, after: snapshot }
  const diff = await diffSnapshots(deps, sides, changes, settings)
  const isOfferNew = held.length > 0 && offerBefore !== offered
  const isNews = hasChanges(diff) || isOfferNew || known.length !== held.length
  const waiting = held.filter(({ status }) => status === 'waiting').map(({ name }) => name)
  const change = isNews ? toChange({ cause, by: subject, diff, held: waiting }) : null
  const isQuiet = cause === 'schedule' && !isNews
  const updated = isQuiet
    ? row
    : await store.updateIntegration(
        tenant,
        slug,
        {
          config: source.config,
          authMethods: source.authMethods,
          snapshot,
          toolCount: tools.length,
          displayUrl: source.displayUrl ?? null,
          canRefresh: source.canRefresh,
          revision: nextRevision(),
          updatedAt: Date.now(),
          pastedText,
        },
        {
          ifRevision: row.revision,
          settlement: { key, offer: held.length > 0 ? offered : null, held, change },
        },
      )
  for (const hash of new Set([inForce, offered, snapshot, ...(offerBefore ? [offerBefore] : [])]))
    if (hash !== updated?.snapshot) await store.dropUnusedSnapshot(tenant, hash)
  for (const hash of new Set([row.pastedText, pastedText]))
    if (hash !== null && hash !== updated?.pastedText)
      await store.dropUnusedPastedText(tenant, hash)
  if (!updated) {
    if (await store.findIntegration(tenant, slug)) return null
    throw integrationUnknown(slug)
  }
  if (!isQuiet) bus.publish(integrationChanged, { tenant, slug, change: 'updated' })
  if (isNews) publishChange(bus, tenant, key, diff, held)
  return {
    slug,
    toolCount: tools.length,
    ...changes,
    ...(waiting.length > 0 ? { heldTools: waiting } : {}),
    warnings: source.warnings,
  }
}

/** What `refreshSource` would do. What is read is stored for as long as it is looked at. */
export async function previewRefresh(
  deps: CatalogDeps,
  { slug, input }: Pick<RefreshRequest, 'slug' | 'input'>,
  context: Context,
): Promise<RefreshPreview> {
  const { store } = deps
  const { tenant } = context.principal
  const source = await readSource(deps, await getOwnRow(store, tenant, slug), input, context)
  try {
    return await deps.turns.take(tenant, async () => {
      const row = await getOwnRow(store, tenant, slug)
      const { snapshot: inForce } = row
      const offered = source.snapshot.hash
      const { review: mode } = await store.findUpkeep(tenant, slug)
      const known = await store.listHeld(tenant, { integration: slug, ...INTEGRATION_ITSELF })
      await saveSnapshot(deps, tenant, source)
      try {
        const before = await store.listTools(tenant, inForce)
        const changes = compareTools(before, source.snapshot.tools)
        const settings = diffValues(settingsOf(row), settingsOf(source))
        const sides = { tenant, before: inForce, after: offered }
        const held = await findHeld(store, { tenant, inForce, offered, mode, known })
        const suspicion = suspicionOf(before.length, changes, source) ?? findMove(mode, settings)
        return {
          slug,
          toolCount: source.snapshot.tools.length,
          diff: await diffSnapshots(deps, sides, changes, settings),
          rules: await listTouchedRules(
            deps,
            { integration: slug, tools: touchedNames(changes) },
            context,
          ),
          heldTools: held.filter(({ status }) => status === 'waiting').map(({ name }) => name),
          ...(suspicion === null ? {} : { suspicion }),
          warnings: source.warnings,
        }
      } finally {
        await store.dropUnusedSnapshot(tenant, offered)
      }
    })
  } finally {
    source.close()
  }
}

async function readSource(
  deps: CatalogDeps,
  row: IntegrationRow,
  input: unknown,
  context: Context,
): Promise<ImportedSource> {
  const kind = deps.sources.get(row.kind)
  const account = kind.accountTools && (await findAccount(deps, row, context))
  return kind.refresh(row, input, {
    ...toSourceContext(context),
    ...(account ? { account } : {}),
    readPastedText: async () =>
      row.pastedText === null
        ? null
        : deps.store.findPastedText(context.principal.tenant, row.pastedText),
  })
}

/** What the organization shares is read with what it shares. */
async function findAccount(
  { bus }: CatalogDeps,
  integration: IntegrationRow,
  options: Context,
): Promise<SourceAccount | null> {
  const filter = { integration: integration.slug, owner: 'org' as const, limit: 1 }
  const { items } = await bus.request(connections.listConnections, filter, options)
  const [first] = items
  return first ? { integration, owner: first.owner, name: first.name } : null
}

async function assertPlausible(
  { store }: CatalogDeps,
  tenant: string,
  row: IntegrationRow,
  source: ImportedSource,
  move: string | null,
): Promise<void> {
  const before = await store.listTools(tenant, row.snapshot)
  const changes = compareTools(before, source.snapshot.tools)
  const suspicion = suspicionOf(before.length, changes, source) ?? move
  if (suspicion !== null) throw refreshSuspicious(suspicion)
}

function suspicionOf(
  before: number,
  { removedTools }: ReturnType<typeof compareTools>,
  { snapshot }: ImportedSource,
): string | null {
  return findSuspicion({ before, removed: removedTools.length, after: snapshot.tools.length })
}

/** What a source says beside its operations: where it answers, and how it is entered. */
function settingsOf({ config, authMethods }: Pick<IntegrationRow, 'config' | 'authMethods'>) {
  return { ...(typeof config === 'object' ? config : {}), authMethods }
}

function changedMeanwhile(slug: string): ServiceError {
  return new ServiceError(
    'failed_precondition',
    'integration_changed',
    `"${slug}" was changed while its source was read. Refresh it again.`,
  )
}
