import type { Bus } from '@executor/bus'
import type { AccountSnapshots } from './account-snapshots.ts'
import type { Snapshots } from './snapshots.ts'
import type { Sources } from './sources/source.ts'
import type { Store } from './store.ts'

/** What the catalog's handlers work with. */
export interface CatalogDeps {
  store: Store
  snapshots: Snapshots
  accountSnapshots: AccountSnapshots
  sources: Sources
  bus: Bus
}
