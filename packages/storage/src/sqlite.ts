import { closeSync, openSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { ServiceError } from '@executor/contracts'
import type { SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils'
import { createCheckpoints, LAST_RESORT_PAGES, LOG_BYTES_KEPT } from './checkpoints/checkpoints.ts'
import {
  type AppliedMigration,
  hasPending,
  MIGRATIONS_TABLE,
  type Migration,
  migrationFailed,
  recordStatement,
  SELECT_APPLIED,
} from './migrations.ts'
import { createSqliteFactory } from './sqlite-adapter.ts'
import {
  BUSY_TIMEOUT_MS,
  openSqliteConnection,
  type SqliteConnection,
} from './sqlite-connection.ts'
import { isBusy } from './sqlite-errors.ts'
import { createSqliteTransact } from './sqlite-transact.ts'
import type { Transact } from './transact.ts'

/**
 * WAL lets readers of other processes go on while we write. `synchronous = NORMAL` hands a commit to
 * the operating system before it is acknowledged, so that `kill -9` loses nothing; only a power cut
 * may lose the last commits (never corrupt the file). `power` also waits for the disk.
 */
const SYNCHRONOUS = { process: 'NORMAL', power: 'FULL' } as const
export type Durability = keyof typeof SYNCHRONOUS

/** 30 s in all. */
const MIGRATION_ATTEMPTS_MAX = 600
const MIGRATION_PAUSE_MS = 50

export interface OpenedEngine {
  factory: SqlMigrationAwareDriverAdapterFactory
  transact: Transact
  close(): Promise<void>
}

export async function openSqlite(
  url: string,
  migrations: readonly Migration[],
  durability: Durability,
): Promise<OpenedEngine> {
  const path = toPath(url)
  const connection = connect(path)
  try {
    connection.executeScript(
      `PRAGMA journal_mode = WAL; PRAGMA synchronous = ${SYNCHRONOUS[durability]}; PRAGMA foreign_keys = ON;
       PRAGMA wal_autocheckpoint = ${LAST_RESORT_PAGES}; PRAGMA journal_size_limit = ${LOG_BYTES_KEPT};`,
    )
    if (hasPending(migrations, listApplied(connection))) await migrate(connection, migrations)
  } catch (error) {
    connection.close()
    throw toOpenError(error)
  }
  const checkpoints = createCheckpoints(path, connection)
  return {
    factory: createSqliteFactory(connection),
    transact: createSqliteTransact(connection),
    close: async () => {
      await checkpoints.close()
      const release = await connection.acquire()
      connection.close()
      release()
    },
  }
}

function toPath(url: string): string {
  try {
    return url.startsWith('file://') ? fileURLToPath(url) : url.slice('file:'.length)
  } catch (error) {
    throw toOpenError(error)
  }
}

function connect(path: string): SqliteConnection {
  try {
    // Only the owner reads the file; SQLite gives its journal files the same mode.
    closeSync(openSync(path, 'a', 0o600))
    return openSqliteConnection(path)
  } catch (error) {
    throw toOpenError(error)
  }
}

function toOpenError(error: unknown): ServiceError {
  if (error instanceof ServiceError) return error
  return new ServiceError(
    'unavailable',
    'storage.database_unavailable',
    'The database file cannot be opened. Check that its folder exists, that it may be written, and that the disk is not full.',
    { cause: error },
  )
}

function listApplied(connection: SqliteConnection): AppliedMigration[] {
  if (!listTables(connection).includes('_prisma_migrations')) return []
  return connection.run(SELECT_APPLIED, []).rows.map(([name, checksum, finished]) => ({
    name: String(name),
    checksum: String(checksum),
    isFinished: Number(finished) === 1,
  }))
}

function listTables(connection: SqliteConnection): string[] {
  const query = `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'`
  return connection.run(query, []).rows.map(([name]) => String(name))
}

/**
 * All of it in one transaction, as SQLite recommends for schema changes: foreign keys off, so that a
 * table that is rebuilt does not cascade into others, and checked before the commit.
 */
async function migrate(
  connection: SqliteConnection,
  migrations: readonly Migration[],
): Promise<void> {
  connection.executeScript('PRAGMA foreign_keys = OFF')
  await beginMigration(connection)
  try {
    // Another process may have been here while we waited for the lock.
    if (hasPending(migrations, listApplied(connection))) {
      if (listTables(connection).length) await upgrade(connection, migrations)
      else create(connection, migrations)
    }
    assertForeignKeys(connection, migrations)
    connection.executeScript('COMMIT')
  } catch (error) {
    if (connection.inTransaction) connection.executeScript('ROLLBACK')
    throw error
  } finally {
    connection.executeScript('PRAGMA foreign_keys = ON')
  }
}

/** Waits without blocking the process, in which the one that is waited for may live. */
async function beginMigration(connection: SqliteConnection): Promise<void> {
  connection.executeScript('PRAGMA busy_timeout = 0')
  for (let attempt = 1; ; attempt++) {
    try {
      connection.executeScript('BEGIN IMMEDIATE')
      break
    } catch (error) {
      if (!isBusy(error) || attempt === MIGRATION_ATTEMPTS_MAX) throw error
    }
    await sleep(MIGRATION_PAUSE_MS)
  }
  connection.executeScript(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`)
}

/** A fresh file is made without the schema engine, whose loading would double a first start. */
function create(connection: SqliteConnection, migrations: readonly Migration[]): void {
  connection.executeScript(MIGRATIONS_TABLE.sqlite)
  for (const migration of migrations) {
    try {
      connection.executeScript(migration.sql)
    } catch (error) {
      throw migrationFailed(migration.name, describe(error), error)
    }
    connection.executeScript(recordStatement('sqlite', migration))
  }
}

async function upgrade(
  connection: SqliteConnection,
  migrations: readonly Migration[],
): Promise<void> {
  let current = 'unknown'
  const direct = createSqliteFactory(connection)
  const connectEngine = async () => {
    const adapter = await direct.connect()
    return {
      ...adapter,
      executeScript: (script: string) => {
        current = migrations.find(({ sql }) => sql === script)?.name ?? current
        return adapter.executeScript(script)
      },
    }
  }
  const { applyWithSchemaEngine } = await import('./schema-engine.ts')
  try {
    const factory = { ...direct, connect: connectEngine, connectToShadowDb: connectEngine }
    await applyWithSchemaEngine('sqlite', factory, migrations)
  } catch (error) {
    throw migrationFailed(current, describe(error), error)
  }
}

function assertForeignKeys(connection: SqliteConnection, migrations: readonly Migration[]): void {
  const { rows } = connection.run('PRAGMA foreign_key_check', [])
  const [violation] = rows
  if (!violation) return
  const name = migrations.at(-1)?.name ?? 'unknown'
  throw migrationFailed(name, `rows of "${violation[0]}" would refer to rows that do not exist`)
}

/** The schema engine appends its own call stack to the message; only its first line is for people. */
function describe(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  return message.split('\n', 1)[0] ?? message
}
