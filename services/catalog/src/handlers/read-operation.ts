import type { Handler } from '@executor/bus'
import { type catalog, ServiceError } from '@executor/contracts'
import type { CatalogDeps } from '../deps.ts'

/** Immutable: whoever reads it may keep it for as long as it likes. */
export function readOperation({ snapshots }: CatalogDeps): Handler<typeof catalog.readOperation> {
  return async ({ snapshot, tool, withOutput }, { principal }) => {
    const detail = await snapshots.operation(principal.tenant, snapshot, tool, withOutput)
    if (detail) return detail
    throw new ServiceError('not_found', 'tool_unknown', `There is no tool "${tool}" here.`)
  }
}
