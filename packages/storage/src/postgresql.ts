import { ServiceError } from '@executor/contracts'
import { PrismaPg } from '@prisma/adapter-pg'
import type { SqlDriverAdapter } from '@prisma/driver-adapter-utils'
import pg from 'pg'
import {
  type AppliedMigration,
  hasPending,
  MIGRATIONS_TABLE,
  type Migration,
  migrationFailed,
  recordStatement,
  SELECT_APPLIED,
} from './migrations.ts'
import type { OpenedEngine } from './sqlite.ts'
import type { Statement, StatementRow } from './transact.ts'

const CONNECTIONS_MAX = 10
const CONNECT_TIMEOUT_MS = 5_000
/** The server ends a statement that runs longer; the client gives up a little later. */
const STATEMENT_TIMEOUT_MS = 15_000
const QUERY_TIMEOUT_MS = 20_000
const IDLE_TRANSACTION_TIMEOUT_MS = 30_000
/** One replica migrates while the others wait for its lock. */
const MIGRATION_TIMEOUT_MS = 300_000
const NAMED_STATEMENTS_MAX = 200
/** Any constant of ours: advisory locks are per database, and each service has its own. */
const MIGRATION_LOCK = 4_788_001

export async function openPostgresql(
  url: string,
  migrations: readonly Migration[],
): Promise<OpenedEngine> {
  const pool = new pg.Pool({
    connectionString: url,
    max: CONNECTIONS_MAX,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    query_timeout: QUERY_TIMEOUT_MS,
    idle_in_transaction_session_timeout: IDLE_TRANSACTION_TIMEOUT_MS,
    keepAlive: true,
    application_name: 'executor',
  })
  // A server that restarts drops idle connections; the pool opens others when they are needed.
  pool.on('error', () => {})
  try {
    if (hasPending(migrations, await listApplied(pool))) await migrate(url, migrations)
  } catch (error) {
    await pool.end()
    throw toOpenError(error)
  }
  const statementNameGenerator = createStatementNames()
  return {
    factory: new PrismaPg(pool, { statementNameGenerator }),
    transact: (statements) => transact(pool, statements, statementNameGenerator),
    close: () => pool.end(),
  }
}

async function transact(
  pool: pg.Pool,
  statements: readonly Statement[],
  nameOf: ReturnType<typeof createStatementNames>,
): Promise<StatementRow[][]> {
  const run = async (on: pg.Pool | pg.PoolClient, { sql, parameters }: Statement) => {
    const query = { name: nameOf({ sql }), text: sql, values: [...parameters] }
    return (await on.query<StatementRow>(query)).rows
  }
  const [only, ...others] = statements
  if (!only) return []
  if (others.length === 0) return [await run(pool, only)]
  const client = await pool.connect()
  let broken: Error | undefined
  try {
    await client.query('BEGIN')
    const rows: StatementRow[][] = []
    for (const statement of statements) rows.push(await run(client, statement))
    await client.query('COMMIT')
    return rows
  } catch (error) {
    await client.query('ROLLBACK').catch((failure: Error) => {
      broken = failure
    })
    throw error
  } finally {
    // A connection whose transaction could not be ended goes.
    client.release(broken)
  }
}

/**
 * A statement with a name is parsed and planned once per connection (80 µs less each time after).
 * Texts that come later than the first ones, such as lists of every length, go without.
 */
function createStatementNames(): (query: { sql: string }) => string {
  const names = new Map<string, string>()
  return ({ sql }) => {
    const known = names.get(sql)
    if (known !== undefined) return known
    if (names.size >= NAMED_STATEMENTS_MAX) return ''
    const name = `executor_${names.size}`
    names.set(sql, name)
    return name
  }
}

function toOpenError(error: unknown): ServiceError {
  if (error instanceof ServiceError) return error
  return new ServiceError(
    'unavailable',
    'storage.database_unavailable',
    'PostgreSQL cannot be reached. Check that it runs, and the address, user, password and database name in its URL.',
    { cause: error },
  )
}

async function listApplied(pool: pg.Pool): Promise<AppliedMigration[]> {
  if (!(await listTables(pool)).includes('_prisma_migrations')) return []
  const { rows } = await pool.query(SELECT_APPLIED)
  return rows.map((row) => ({
    name: String(row.migration_name),
    checksum: String(row.checksum),
    isFinished: row.finished === true,
  }))
}

async function listTables(pool: pg.Pool): Promise<string[]> {
  const { rows } = await pool.query(
    'SELECT tablename::text AS name FROM pg_catalog.pg_tables WHERE schemaname = current_schema()',
  )
  return rows.map((row) => String(row.name))
}

/**
 * All of it in one transaction on one connection, under a lock that replicas starting at the same
 * moment wait for.
 */
async function migrate(url: string, migrations: readonly Migration[]): Promise<void> {
  const pool = new pg.Pool({
    connectionString: url,
    max: 1,
    idleTimeoutMillis: 0,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: MIGRATION_TIMEOUT_MS,
    query_timeout: MIGRATION_TIMEOUT_MS,
    application_name: 'executor-migrate',
  })
  pool.on('error', () => {})
  try {
    await pool.query('BEGIN')
    await pool.query(`SELECT pg_advisory_xact_lock(${MIGRATION_LOCK})`)
    if (hasPending(migrations, await listApplied(pool))) {
      if ((await listTables(pool)).length) await upgrade(pool, migrations)
      else await create(pool, migrations)
    }
    await pool.query('COMMIT')
  } finally {
    // Ends the session, and with it a transaction that was not committed.
    await pool.end()
  }
}

async function create(pool: pg.Pool, migrations: readonly Migration[]): Promise<void> {
  await pool.query(MIGRATIONS_TABLE.postgresql)
  for (const migration of migrations) {
    try {
      await pool.query(migration.sql)
    } catch (error) {
      throw migrationFailed(migration.name, describe(error), error)
    }
    await pool.query(recordStatement('postgresql', migration))
  }
}

async function upgrade(pool: pg.Pool, migrations: readonly Migration[]): Promise<void> {
  let current = 'unknown'
  let reason: unknown
  const factory = new PrismaPg(pool)
  const connect = async (): Promise<SqlDriverAdapter> => {
    const adapter = await factory.connect()
    return {
      provider: 'postgres',
      adapterName: adapter.adapterName,
      queryRaw: adapter.queryRaw.bind(adapter),
      executeRaw: adapter.executeRaw.bind(adapter),
      startTransaction: adapter.startTransaction.bind(adapter),
      // The published adapter splits at every semicolon, those inside texts and functions too.
      executeScript: async (script: string) => {
        current = migrations.find(({ sql }) => sql === script)?.name ?? current
        await pool.query(script).catch((error: unknown) => {
          reason = error
          throw error
        })
      },
      dispose: () => Promise.resolve(),
    }
  }
  const { applyWithSchemaEngine } = await import('./schema-engine.ts')
  try {
    await applyWithSchemaEngine(
      'postgresql',
      {
        provider: 'postgres',
        adapterName: factory.adapterName,
        connect,
        connectToShadowDb: connect,
      },
      migrations,
    )
  } catch (error) {
    // After a failed statement the engine's own bookkeeping fails too: the first error tells why.
    throw migrationFailed(current, describe(reason ?? error), reason ?? error)
  }
}

function describe(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  return message.split('\n', 1)[0] ?? message
}
