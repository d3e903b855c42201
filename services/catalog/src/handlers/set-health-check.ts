import type { Handler } from '@executor/bus'
import { type catalog, ServiceError } from '@executor/contracts'
import type { CatalogDeps } from '../deps.ts'
import { getOwnRow } from '../integration.ts'
import { assertMayManage } from '../manage.ts'

/** A check runs unasked, so it may only be an operation that changes nothing. */
export function setHealthCheck({
  store,
  snapshots,
}: CatalogDeps): Handler<typeof catalog.setHealthCheck> {
  return async ({ slug, spec }, { principal }) => {
    const { tenant } = principal
    assertMayManage(principal)
    const { snapshot } = await getOwnRow(store, tenant, slug)
    if (spec) {
      const detail = await snapshots.operation(tenant, snapshot, spec.operation, false)
      if (!detail?.operation.annotations.readOnly) {
        throw new ServiceError(
          'invalid_argument',
          detail ? 'health_check_writes' : 'tool_unknown',
          detail
            ? `"${spec.operation}" changes something upstream: a health check may only read.`
            : `"${slug}" has no operation "${spec.operation}".`,
        )
      }
    }
    await store.updateIntegration(tenant, slug, { healthCheck: spec, updatedAt: Date.now() })
    return { ok: true }
  }
}
