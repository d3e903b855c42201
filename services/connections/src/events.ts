import type { Bus } from '@executor/bus'
import { connectionChanged } from '@executor/contracts'
import { type Counter, metrics } from '@opentelemetry/api'
import type { ConnectionRow } from './connection.ts'
import type { Log } from './log.ts'

export type Change = 'created' | 'updated' | 'removed'

export interface Events {
  /** Counted, logged and published; to be called before the change is answered. */
  changed(row: ConnectionRow, change: Change): void
}

export function createEvents({ bus, log }: { bus: Pick<Bus, 'publish'>; log: Log }): Events {
  const changes: Counter = metrics
    .getMeter('executor.connections')
    .createCounter('connections.changes')
  return {
    changed({ tenant, owner, subject, integration, name }, change) {
      changes.add(1, { change })
      log.info({ tenant, owner, integration, connection: name, change }, 'connection changed')
      bus.publish(connectionChanged, { tenant, owner, subject, integration, name, change })
    },
  }
}
