import Database from 'libsql'

/** Distinct SQL texts kept prepared; the oldest goes first. */
const STATEMENTS_MAX = 300
/** How long a statement waits for another process that holds the file. */
export const BUSY_TIMEOUT_MS = 5_000

export interface Column {
  name: string
  type: string
}
export interface StatementResult {
  columns: Column[]
  rows: unknown[][]
  affectedRows: number
}

const READ = /^\s*(SELECT|PRAGMA)\b/i

interface Prepared {
  statement: Database.Statement
  /** `null` for a statement that answers no rows. */
  columns: Column[] | null
  isRead: boolean
}

/**
 * One connection for the whole process. Statements run synchronously, so that two of them never
 * interleave; a transaction spans turns of the event loop and therefore takes the connection.
 */
export interface SqliteConnection {
  readonly inTransaction: boolean
  /** Told of every statement that may have changed something, and how long its values are. */
  onWrite: (chars: number) => void
  run(sql: string, parameters: readonly unknown[]): StatementResult
  /** Several statements, without parameters. */
  executeScript(sql: string): void
  /** Runs at once where no transaction is open, else after it. */
  exclusively<T>(task: () => T): Promise<T>
  /** Takes the connection; the answer gives it back. */
  acquire(): Promise<() => void>
  close(): void
}

export function openSqliteConnection(path: string): SqliteConnection {
  const database = new Database(path, { timeout: BUSY_TIMEOUT_MS })
  const prepared = new Map<string, Prepared>()
  /** Resolves when the last one in line has given the connection back. */
  let queue: Promise<void> | null = null

  const prepare = (sql: string): Prepared => {
    const known = prepared.get(sql)
    if (known) return known
    const entry = prepareStatement(database, sql)
    if (prepared.size >= STATEMENTS_MAX) {
      const [oldest] = prepared.keys()
      if (oldest !== undefined) prepared.delete(oldest)
    }
    prepared.set(sql, entry)
    return entry
  }

  const acquire = async () => {
    const before = queue
    let free = () => {}
    const mine = new Promise<void>((resolve) => {
      free = resolve
    })
    queue = mine
    await before
    return () => {
      if (queue === mine) queue = null
      free()
    }
  }

  return {
    onWrite: () => {},
    get inTransaction() {
      return database.inTransaction
    },
    run(sql, parameters) {
      const { statement, columns, isRead } = prepare(sql)
      const rows = columns ? (statement.all(parameters) as unknown[][]) : []
      const affectedRows = columns ? rows.length : statement.run(parameters).changes
      if (!isRead) this.onWrite(lengthOf(parameters))
      return { columns: columns ?? [], rows, affectedRows }
    },
    executeScript(sql) {
      database.exec(sql)
    },
    async exclusively(task) {
      if (!queue) return task()
      const release = await acquire()
      try {
        return task()
      } finally {
        release()
      }
    },
    acquire,
    close() {
      prepared.clear()
      database.close()
    },
  }
}

function prepareStatement(database: Database.Database, sql: string): Prepared {
  const statement = database.prepare(sql)
  statement.safeIntegers(true)
  const columns = statement.columns()
  const isRead = READ.test(sql)
  if (!columns.length) return { statement, columns: null, isRead }
  statement.raw(true)
  const named = columns.map(({ name, type }) => ({ name, type: type ?? '' }))
  return { statement, columns: named, isRead }
}

function lengthOf(parameters: readonly unknown[]): number {
  let length = 0
  for (const value of parameters) {
    if (typeof value === 'string' || value instanceof Uint8Array) length += value.length
  }
  return length
}
