import type { Handler } from '@executor/bus'
import type { connections } from '@executor/contracts'
import type { ConnectionRow } from '../connection.ts'
import type { HandlerDeps } from '../deps.ts'
import { endSignIn, withinRevocation } from '../oauth/end-sign-in.ts'
import { ownItems, removeItems } from '../save-connection.ts'

const PAGE_ROWS = 500

export function removeIntegrationConnections(
  deps: HandlerDeps,
): Handler<typeof connections.removeIntegrationConnections> {
  return async ({ integration }, { principal: { tenant } }) => {
    let removed = 0
    for (;;) {
      const rows = await deps.store.takeIntegrationConnections(tenant, integration, PAGE_ROWS)
      if (rows.length === 0) return { removed }
      for (const row of rows) {
        deps.credentials.drop(row, row.revision)
        deps.events.changed(row, 'removed')
      }
      // All of them within the time of one: whoever waits removed an integration.
      const signal = withinRevocation()
      for (const row of rows) await endSignIn(deps, row, signal)
      await removeAllValues(deps, rows)
      removed += rows.length
    }
  }
}

async function removeAllValues(deps: HandlerDeps, rows: ConnectionRow[]): Promise<void> {
  const byProvider = Map.groupBy(rows, (row) => row.provider)
  for (const [provider, held] of byProvider) {
    await removeItems(deps, provider, held.flatMap(ownItems))
  }
}
