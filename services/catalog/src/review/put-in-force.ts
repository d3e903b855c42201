import { integrationChanged } from '@executor/contracts'
import { type ChangeInput, hasChanges, publishChange, toChange } from '../changes/record.ts'
import { diffSnapshots } from '../changes/source-diff.ts'
import type { CatalogDeps } from '../deps.ts'
import { nextRevision } from '../integration.ts'
import type { HeldRow, SourceKey } from '../store.ts'
import { settleWith } from './settle.ts'

export interface ForceInput {
  tenant: string
  key: SourceKey
  offered: string
  inForce: string
  /** What is still held back. */
  held: HeldRow[]
  change: Pick<ChangeInput, 'cause' | 'by' | 'held'>
}

/**
 * Brings into force what is offered, without what is still held back. Within the tenant's turn.
 * Null when something else came into force meanwhile.
 */
export async function putInForce(
  deps: CatalogDeps,
  { tenant, key, offered, inForce, held, change }: ForceInput,
): Promise<{ toolCount: number } | null> {
  const { store, bus } = deps
  const settled = await settleWith(store, { tenant, inForce, offered }, held)
  const { snapshot, tools } = settled
  const diff = await diffSnapshots(
    deps,
    { tenant, before: inForce, after: snapshot },
    settled.changes,
  )
  const settlement = {
    key,
    offer: held.length > 0 ? offered : null,
    held,
    change: hasChanges(diff) || change.held.length > 0 ? toChange({ ...change, diff }) : null,
  }
  const isDone = await swap(
    deps,
    { tenant, key, inForce, snapshot, toolCount: tools.length },
    settlement,
  )
  for (const hash of new Set([inForce, offered, snapshot]))
    await store.dropUnusedSnapshot(tenant, hash)
  if (!isDone) return null
  bus.publish(integrationChanged, { tenant, slug: key.integration, change: 'updated' })
  publishChange(bus, tenant, key, diff, held)
  return { toolCount: tools.length }
}

async function swap(
  { store }: CatalogDeps,
  to: Pick<ForceInput, 'tenant' | 'key' | 'inForce'> & { snapshot: string; toolCount: number },
  settlement: Parameters<CatalogDeps['store']['setConnectionSnapshot']>[2],
): Promise<boolean> {
  const { tenant, key, inForce, snapshot, toolCount } = to
  if (key.connection !== '') {
    const row = await store.findConnectionSnapshot(tenant, key)
    if (row?.snapshot !== inForce) return false
    await store.setConnectionSnapshot(tenant, { ...row, snapshot }, settlement)
    return true
  }
  const row = await store.findIntegration(tenant, key.integration)
  if (row?.snapshot !== inForce) return false
  const change = { snapshot, toolCount, revision: nextRevision(), updatedAt: Date.now() }
  const options = { ifRevision: row.revision, ...(settlement ? { settlement } : {}) }
  return (await store.updateIntegration(tenant, key.integration, change, options)) !== null
}
