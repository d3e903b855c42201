import { openDatabase } from '@executor/storage'
import { migrations } from '../prisma/client/migrations.ts'
import { PrismaClient as Postgres } from '../prisma/client/postgresql/client.ts'
import { PrismaClient as Sqlite } from '../prisma/client/sqlite/client.ts'
import { rememberIntegrations } from './integration-memory.ts'
import type { IntegrationRows } from './integration-row.ts'
import { shareIntegrations } from './integration-sharing.ts'
import { type ConnectionSnapshotRows, connectionSnapshots } from './store/connection-snapshots.ts'
import { integrations } from './store/integrations.ts'
import { type Leftovers, leftovers } from './store/leftovers.ts'
import { type PastedTexts, pastedTexts } from './store/pasted-texts.ts'
import { type Reviews, reviews } from './store/reviews.ts'
import { type StoredSnapshots, snapshots } from './store/snapshots.ts'
import { type Upkeeps, upkeeps } from './store/upkeep.ts'
import { type ViewRows, views } from './store/views.ts'

export type { IntegrationRow } from './integration-row.ts'
export type { ConnectionKey } from './store/connection-snapshots.ts'
export type { HeldRow, Settlement, SourceKey } from './store/reviews.ts'
export type { DefinitionRow, OperationRow, SnapshotRows } from './store/snapshots.ts'
export type { UpkeepRow } from './store/upkeep.ts'

export interface Store
  extends IntegrationRows,
    StoredSnapshots,
    ConnectionSnapshotRows,
    Upkeeps,
    Reviews,
    ViewRows,
    PastedTexts,
    Leftovers {
  close(): Promise<void>
}

/** Opens the catalog's database, migrated. */
export async function openStore(url: string): Promise<Store> {
  const db = await openDatabase({
    url,
    migrations,
    clients: { sqlite: Sqlite, postgresql: Postgres },
  })
  const rows = integrations(db)
  const { whileWritten, dropLeftovers } = leftovers(db)
  const { saveSnapshot, ...snapshotRows } = snapshots(db)
  const { saveView, ...viewRows } = views(db)
  return {
    // An SQLite file has one process, which knows of every change.
    ...(db.engine === 'sqlite' ? rememberIntegrations(rows) : shareIntegrations(rows)),
    ...snapshotRows,
    saveSnapshot: (tenant, snapshot) =>
      whileWritten(tenant, snapshot.hash, () => saveSnapshot(tenant, snapshot)),
    ...connectionSnapshots(db),
    ...upkeeps(db),
    ...reviews(db),
    ...viewRows,
    saveView: (tenant, view) => whileWritten(tenant, view.hash, () => saveView(tenant, view)),
    dropLeftovers,
    ...pastedTexts(db),
    close: db.close,
  }
}
