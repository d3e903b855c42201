import { openDatabase } from '@executor/storage'
import { migrations } from '../prisma/client/migrations.ts'
import { PrismaClient as Postgres } from '../prisma/client/postgresql/client.ts'
import { PrismaClient as Sqlite } from '../prisma/client/sqlite/client.ts'
import { rememberAccounts } from './account-memory.ts'
import type { ConnectionRows } from './connection.ts'
import type { OauthClientRows } from './oauth/client.ts'
import type { OauthSessionRows } from './oauth/session.ts'
import type { SecretRows } from './providers/encrypted.ts'
import { connectionRows } from './store/connection-rows.ts'
import { oauthClientRows, oauthSessionRows } from './store/oauth-rows.ts'
import { secretRows } from './store/secret-rows.ts'

export interface Store extends ConnectionRows, SecretRows, OauthClientRows, OauthSessionRows {
  /** No other process changes these rows. */
  isSoleWriter: boolean
  close(): Promise<void>
}

/** Opens `file:/absolute/connections.db` or `postgresql://…`. */
export async function openStore(url: string): Promise<Store> {
  const database = await openDatabase({
    url,
    migrations,
    clients: { sqlite: Sqlite, postgresql: Postgres },
    // A credential that was accepted is often not to be had again.
    durability: 'power',
  })
  const rows = connectionRows(database)
  // A data directory has one owner; a PostgreSQL database may have several replicas of us.
  const isSoleWriter = database.engine === 'sqlite'
  return {
    ...(isSoleWriter ? rememberAccounts(rows) : rows),
    ...secretRows(database),
    ...oauthClientRows(database),
    ...oauthSessionRows(database),
    isSoleWriter,
    close: () => database.close(),
  }
}
