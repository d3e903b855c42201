import {
  ColumnTypeEnum,
  DriverAdapterError,
  type SqlDriverAdapter,
  type SqlMigrationAwareDriverAdapterFactory,
  type SqlQuery,
  type SqlResultSet,
} from '@prisma/driver-adapter-utils'
import type { EngineName } from './migrations.ts'

/** What the engine asks of PostgreSQL before anything else: does the schema exist, which version. */
const POSTGRESQL_GREETING: SqlResultSet = {
  columnNames: ['exists', 'version', 'numeric_version'],
  columnTypes: [ColumnTypeEnum.Boolean, ColumnTypeEnum.Text, ColumnTypeEnum.Int32],
  rows: [[true, 'PostgreSQL 17.0', 170_000]],
}

// The engine knows its adapters by name and refuses others.
const ADAPTER = { provider: 'postgres', adapterName: '@prisma/adapter-pg' } as const

/** The schema engine wants a database even to compare two texts: one that holds nothing. */
export async function createOfflineFactory(
  engine: EngineName,
): Promise<SqlMigrationAwareDriverAdapterFactory> {
  if (engine === 'postgresql') return createSpeechlessFactory()
  const { createSqliteFactory } = await import('./sqlite-adapter.ts')
  const { openSqliteConnection } = await import('./sqlite-connection.ts')
  const factory = createSqliteFactory(openSqliteConnection(':memory:'))
  // To try migrations out, the engine sends whole scripts as if they were one statement.
  const connect = async () => {
    const adapter = await factory.connect()
    const executeRaw = async ({ sql }: SqlQuery) => {
      await adapter.executeScript(sql)
      return 0
    }
    return { ...adapter, executeRaw }
  }
  return { ...factory, connect, connectToShadowDb: connect }
}

/** A PostgreSQL that answers no more than the greeting. */
function createSpeechlessFactory(): SqlMigrationAwareDriverAdapterFactory {
  const refuse = () => Promise.reject(new DriverAdapterError({ kind: 'DatabaseNotReachable' }))
  const connect = (): Promise<SqlDriverAdapter> =>
    Promise.resolve({
      ...ADAPTER,
      queryRaw: ({ sql }) =>
        sql.includes('numeric_version') ? Promise.resolve(POSTGRESQL_GREETING) : refuse(),
      executeRaw: refuse,
      executeScript: refuse,
      startTransaction: refuse,
      dispose: () => Promise.resolve(),
    })
  return { ...ADAPTER, connect, connectToShadowDb: connect }
}
