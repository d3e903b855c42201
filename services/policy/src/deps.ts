import type { Bus } from '@executor/bus'
import type { Store } from './store.ts'

/** What the service is made of. */
export interface PolicyDeps {
  store: Store
  bus: Pick<Bus, 'publish'>
  /** Milliseconds since 1970. */
  clock: () => number
  newId?: () => string
}

/** What its handlers work with. */
export type HandlerDeps = Required<PolicyDeps>
