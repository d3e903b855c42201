import type { CallContext, Handler } from '@executor/bus'
import {
  type catalog,
  type HeldOperation,
  isAgent,
  type Owner,
  type SourceReview,
} from '@executor/contracts'
import { countWaiting } from '../changes/record.ts'
import { showText } from '../changes/shown-text.ts'
import { describeChanges } from '../changes/source-diff.ts'
import { listTouchedRules } from '../changes/touched-rules.ts'
import type { CatalogDeps } from '../deps.ts'
import { getRow } from '../integration.ts'
import { findInForce } from '../review/sources.ts'
import type { Listing } from '../snapshots.ts'
import type { HeldRow, SourceKey } from '../store.ts'

/** Operations of one source that are shown; the counts are whole. */
const OPERATIONS_MAX = 1_000

/**
 * What waits says something that nobody has looked at yet: an agent is told that it waits, and not
 * what it says.
 */
export function listHeldOperations(deps: CatalogDeps): Handler<typeof catalog.listHeldOperations> {
  const { store } = deps
  return async ({ slug }, context) => {
    const { tenant, subject } = context.principal
    await getRow(store, tenant, slug)
    const found: SourceReview[] = []
    for (const { snapshot, ...key } of await store.listOffers(tenant, slug)) {
      if (key.subject !== '' && key.subject !== subject) continue
      const inForce = await findInForce(store, tenant, key)
      const rows = await store.listHeld(tenant, key)
      if (inForce === null || rows.length === 0) continue
      found.push(await showReview(deps, { key, offered: snapshot, inForce, rows }, context))
    }
    return found
  }
}

interface Held {
  key: SourceKey
  offered: string
  inForce: string
  rows: HeldRow[]
}

async function showReview(
  deps: CatalogDeps,
  { key, offered, inForce, rows }: Held,
  context: CallContext,
): Promise<SourceReview> {
  const { integration, owner, connection } = key
  const account = connection === '' ? undefined : { owner: owner as Owner, connection }
  const waiting = countWaiting(rows)
  const tools = rows.map(({ name }) => name)
  return {
    ...(account ? { account } : {}),
    revision: offered,
    waiting,
    rejected: rows.length - waiting,
    operations: await showOperations(deps, { key, offered, inForce, rows }, context),
    rules: await listTouchedRules(deps, { integration, account, tools }, context),
  }
}

async function showOperations(
  deps: CatalogDeps,
  { offered, inForce, rows }: Held,
  { principal }: CallContext,
): Promise<HeldOperation[]> {
  const { tenant } = principal
  const shown = rows.slice(0, OPERATIONS_MAX)
  const sides = { tenant, before: inForce, after: offered }
  const changes = await describeChanges(deps, sides, shown)
  const names = shown.map(({ name }) => name)
  const listings = await deps.store.findListings(tenant, offered, names)
  return shown.map((row, at) => {
    const { name, change, status, heldAt, decidedAt, decidedBy } = row
    const said = {
      name,
      change,
      status,
      heldAt,
      readOnly: changes[at]?.readOnly ?? false,
      ...(decidedAt === null ? {} : { decidedAt }),
      ...(decidedBy === null ? {} : { decidedBy }),
    }
    if (isAgent(principal)) return { ...said, description: '', fields: [], fieldsCut: true }
    const listing = JSON.parse(listings.get(name) ?? '{}') as Partial<Listing>
    const { fields = [], fieldsCut } = changes[at] ?? {}
    return {
      ...said,
      description: showText(listing.description ?? ''),
      fields,
      ...(fieldsCut ? { fieldsCut } : {}),
    }
  })
}
