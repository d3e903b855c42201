import type { Bus } from '@executor/bus'
import type { Egress, LocalNetworkAccess } from '@executor/egress'
import type { ConnectionRows } from './connection.ts'
import type { Credentials } from './credentials.ts'
import type { Events } from './events.ts'
import type { Log } from './log.ts'
import type { OauthClientRows } from './oauth/client.ts'
import type { OauthSessionRows } from './oauth/session.ts'
import type { Providers } from './providers/registry.ts'

/** What the service is made of. */
export interface ConnectionsDeps {
  store: ConnectionRows & OauthClientRows & OauthSessionRows & { isSoleWriter: boolean }
  providers: Providers
  bus: Bus
  egress: Egress
  /** Which addresses authorization servers may have. */
  allowLocalNetwork: LocalNetworkAccess
  /** A document elsewhere that stands for us where servers read such; null where our own does. */
  clientDocument: string | null
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
