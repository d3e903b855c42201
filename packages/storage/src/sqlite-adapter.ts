import type {
  SqlDriverAdapter,
  SqlMigrationAwareDriverAdapterFactory,
  SqlQuery,
  SqlQueryable,
  SqlResultSet,
  Transaction,
} from '@prisma/driver-adapter-utils'
import type { SqliteConnection } from './sqlite-connection.ts'
import { toDriverError } from './sqlite-errors.ts'
import { fromParameter, toColumnTypes, toRow } from './sqlite-values.ts'

/** SQLite's own limit; Prisma takes an earlier one's, 999, where it is not told. */
const BIND_VALUES_MAX = 32_766
// The schema engine knows adapters by name and refuses others.
const ADAPTER = { provider: 'sqlite', adapterName: '@prisma/adapter-libsql' } as const

/**
 * Prisma over one libSQL connection. The published adapter opens another connection after every
 * transaction, which forgets the pragmas, and loads the remote clients with it (47 ms, 16 MB).
 */
export function createSqliteFactory(
  connection: SqliteConnection,
): SqlMigrationAwareDriverAdapterFactory {
  const connect = () => Promise.resolve(createAdapter(connection))
  return { ...ADAPTER, connect, connectToShadowDb: connect }
}

function createAdapter(connection: SqliteConnection): SqlDriverAdapter {
  return {
    ...createQueryable(connection, (task) => connection.exclusively(task)),
    executeScript: (script) =>
      connection.exclusively(() => translating(() => connection.executeScript(script))),
    startTransaction: () => startTransaction(connection),
    getConnectionInfo: () => ({ maxBindValues: BIND_VALUES_MAX, supportsRelationJoins: false }),
    // Whoever opened the connection closes it.
    dispose: () => Promise.resolve(),
  }
}

async function startTransaction(connection: SqliteConnection): Promise<Transaction> {
  const release = await connection.acquire()
  const run = (sql: string) => translating(() => connection.executeScript(sql))
  try {
    // A deferred transaction that reads first may fail to become a writer; this one waits at once.
    run('BEGIN IMMEDIATE')
  } catch (error) {
    release()
    throw error
  }
  return {
    ...createQueryable(connection, (task) => Promise.resolve(task())),
    options: { usePhantomQuery: true },
    commit: async () => {
      try {
        run('COMMIT')
      } finally {
        if (connection.inTransaction) run('ROLLBACK')
        release()
      }
    },
    rollback: async () => {
      try {
        if (connection.inTransaction) run('ROLLBACK')
      } finally {
        release()
      }
    },
    createSavepoint: async (name) => run(`SAVEPOINT ${name}`),
    rollbackToSavepoint: async (name) => run(`ROLLBACK TO ${name}`),
    releaseSavepoint: async (name) => run(`RELEASE SAVEPOINT ${name}`),
  }
}

function createQueryable(
  connection: SqliteConnection,
  schedule: <T>(task: () => T) => Promise<T>,
): SqlQueryable {
  return {
    ...ADAPTER,
    queryRaw: (query) => schedule(() => translating(() => queryRaw(connection, query))),
    executeRaw: (query) =>
      schedule(() =>
        translating(() => connection.run(query.sql, toParameters(query)).affectedRows),
      ),
  }
}

function queryRaw(connection: SqliteConnection, query: SqlQuery): SqlResultSet {
  const { columns, rows } = connection.run(query.sql, toParameters(query))
  const columnTypes = toColumnTypes(columns, rows)
  return {
    columnNames: columns.map((column) => column.name),
    columnTypes,
    rows: rows.map((row) => toRow(row, columnTypes)),
  }
}

function toParameters(query: SqlQuery): unknown[] {
  return query.args.map((value, index) => fromParameter(value, query.argTypes[index]))
}

function translating<T>(task: () => T): T {
  try {
    return task()
  } catch (error) {
    throw toDriverError(error)
  }
}
