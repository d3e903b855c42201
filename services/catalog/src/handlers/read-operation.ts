import type { Handler } from '@executor/bus'
import { type catalog, ServiceError } from '@executor/contracts'
import type { CatalogDeps } from '../deps.ts'
import { assertNotHeldBack } from '../review/held-back.ts'

/** Immutable: whoever reads it may keep it for as long as it likes. */
export function readOperation({
  store,
  snapshots,
}: CatalogDeps): Handler<typeof catalog.readOperation> {
  return async ({ snapshot, tool, withOutput }, { principal: { tenant } }) => {
    const detail = await snapshots.operation(tenant, snapshot, tool, withOutput)
    if (detail) return detail
    await assertNotHeldBack(store, { tenant, snapshot, tool })
    throw new ServiceError('not_found', 'tool_unknown', `There is no tool "${tool}" here.`)
  }
}
