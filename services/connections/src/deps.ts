import type { Bus } from '@executor/bus'
import type { ConnectionRows } from './connection.ts'
import type { Credentials } from './credentials.ts'
import type { Events } from './events.ts'
import type { Log } from './log.ts'
import type { Providers } from './providers/registry.ts'

/** What the service is made of. */
export interface ConnectionsDeps {
  store: ConnectionRows & { isSoleWriter: boolean }
  providers: Providers
  bus: Bus
  log: Log
  /** Milliseconds since 1970. */
  clock: () => number
  newId: () => string
}

/** What its handlers work with. */
export interface HandlerDeps extends ConnectionsDeps {
  credentials: Credentials
  events: Events
}
