import type { Bus } from '@executor/bus'
import type { AccountLists } from './account-lists.ts'
import type { AccountSnapshots } from './account-snapshots.ts'
import type { Snapshots } from './snapshots.ts'
import type { Sources } from './sources/source.ts'
import type { Store } from './store.ts'
import type { Turns } from './turns.ts'

/** What the catalog's handlers work with. */
export interface CatalogDeps {
  store: Store
  snapshots: Snapshots
  accountLists: AccountLists
  accountSnapshots: AccountSnapshots
  sources: Sources
  bus: Bus
  turns: Turns
  /** Milliseconds; no schedule is closer than that. */
  refreshEveryMsMin: number
  /** Told when something may be due sooner. */
  wakeSchedule: () => void
}
