import type { Handler } from '@executor/bus'
import { type catalog, integrationChanged, ServiceError } from '@executor/contracts'
import type { CatalogDeps } from '../deps.ts'
import { getOwnRow, integrationUnknown, showIntegration } from '../integration.ts'
import { assertMayManage } from '../manage.ts'
import { reviewAnew } from '../review/review-anew.ts'
import { nextDue } from '../upkeep.ts'

/** What people read, and how it is kept current: nothing that a call depends on. */
export function updateIntegration(deps: CatalogDeps): Handler<typeof catalog.updateIntegration> {
  const { store, bus } = deps
  return async ({ slug, name, description, review, refreshEveryMs }, { principal }) => {
    assertMayManage(principal)
    const { tenant } = principal
    const { canRefresh } = await getOwnRow(store, tenant, slug)
    if (refreshEveryMs) assertSchedule(deps, refreshEveryMs, canRefresh)
    const row = await store.updateIntegration(tenant, slug, {
      ...(name === undefined ? {} : { name }),
      ...(description === undefined ? {} : { description }),
      updatedAt: Date.now(),
    })
    if (!row) throw integrationUnknown(slug)
    if (refreshEveryMs !== undefined) {
      const dueAt = nextDue(refreshEveryMs, { now: Date.now(), chance: Math.random() })
      await store.setUpkeep(tenant, slug, { refreshEveryMs, dueAt })
      deps.wakeSchedule()
    }
    if (review !== undefined) {
      await store.setUpkeep(tenant, slug, { review })
      await reviewAnew(deps, slug, principal)
    }
    bus.publish(integrationChanged, { tenant, slug, change: 'updated' })
    const current = await store.findIntegration(tenant, slug)
    return showIntegration(store, principal, current ?? row)
  }
}

function assertSchedule(
  { refreshEveryMsMin }: CatalogDeps,
  refreshEveryMs: number,
  canRefresh: boolean,
): void {
  if (!canRefresh) {
    throw new ServiceError(
      'failed_precondition',
      'integration_not_refreshable',
      'Its description was pasted, so there is nothing to read it from again.',
    )
  }
  if (refreshEveryMs >= refreshEveryMsMin) return
  throw new ServiceError(
    'invalid_argument',
    'refresh_too_often',
    `A source is read again every ${refreshEveryMsMin / 1000} seconds at most.`,
  )
}
