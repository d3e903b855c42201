import type { SqliteConnection } from './sqlite-connection.ts'
import type { Statement, StatementRow, Transact } from './transact.ts'

/** Synchronous from the first statement to the last, so that nothing comes between them. */
export function createSqliteTransact(connection: SqliteConnection): Transact {
  const runAll = (statements: readonly Statement[]) =>
    statements.map((statement) => run(connection, statement))
  return (statements) =>
    connection.exclusively(() => {
      if (statements.length < 2) return runAll(statements)
      connection.executeScript('BEGIN IMMEDIATE')
      try {
        const rows = runAll(statements)
        connection.executeScript('COMMIT')
        return rows
      } finally {
        if (connection.inTransaction) connection.executeScript('ROLLBACK')
      }
    })
}

function run(connection: SqliteConnection, { sql, parameters }: Statement): StatementRow[] {
  const { columns, rows } = connection.run(sql, parameters)
  return rows.map((row) => Object.fromEntries(columns.map(({ name }, index) => [name, row[index]])))
}
