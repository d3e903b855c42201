import {
  ColumnTypeEnum,
  DriverAdapterError,
  type SqlDriverAdapter,
  type SqlMigrationAwareDriverAdapterFactory,
  type SqlResultSet,
} from '@prisma/driver-adapter-utils'
import type { EngineName } from './migrations.ts'

/** What the engine asks of PostgreSQL before anything else: does the schema exist, which version. */
const POSTGRESQL_GREETING: SqlResultSet = {
  columnNames: ['exists', 'version', 'numeric_version'],
  columnTypes: [ColumnTypeEnum.Boolean, ColumnTypeEnum.Text, ColumnTypeEnum.Int32],
  rows: [[true, 'PostgreSQL 17.0', 170_000]],
}

/** The schema engine wants a database even to compare two texts; this one holds nothing. */
export function createOfflineFactory(engine: EngineName): SqlMigrationAwareDriverAdapterFactory {
  // The engine knows its adapters by name and refuses others.
  const adapter =
    engine === 'sqlite'
      ? ({ provider: 'sqlite', adapterName: '@prisma/adapter-libsql' } as const)
      : ({ provider: 'postgres', adapterName: '@prisma/adapter-pg' } as const)
  const refuse = () => Promise.reject(new DriverAdapterError({ kind: 'DatabaseNotReachable' }))
  const connect = (): Promise<SqlDriverAdapter> =>
    Promise.resolve({
      ...adapter,
      queryRaw: ({ sql }) =>
        sql.includes('numeric_version') ? Promise.resolve(POSTGRESQL_GREETING) : refuse(),
      executeRaw: refuse,
      executeScript: refuse,
      startTransaction: refuse,
      dispose: () => Promise.resolve(),
    })
  return { ...adapter, connect, connectToShadowDb: connect }
}
