import { createHash, randomUUID } from 'node:crypto'
import { ServiceError } from '@executor/contracts'

export type EngineName = 'sqlite' | 'postgresql'

export interface Migration {
  /** `0001_initial`: applied in this order. */
  name: string
  sql: string
}

/** Generated from the checked-in SQL files by `tools/prisma.ts`. */
export type Migrations = Record<EngineName, readonly Migration[]>

/** What `_prisma_migrations` says of one migration. */
export interface AppliedMigration {
  name: string
  checksum: string
  isFinished: boolean
}

/** Prisma's own table, in the engine's dialect, as the schema engine creates it. */
export const MIGRATIONS_TABLE: Record<EngineName, string> = {
  sqlite: `CREATE TABLE "_prisma_migrations" (
    "id"                    TEXT PRIMARY KEY NOT NULL,
    "checksum"              TEXT NOT NULL,
    "finished_at"           DATETIME,
    "migration_name"        TEXT NOT NULL,
    "logs"                  TEXT,
    "rolled_back_at"        DATETIME,
    "started_at"            DATETIME NOT NULL DEFAULT current_timestamp,
    "applied_steps_count"   INTEGER UNSIGNED NOT NULL DEFAULT 0
);`,
  postgresql: `CREATE TABLE _prisma_migrations (
    id                      VARCHAR(36) PRIMARY KEY NOT NULL,
    checksum                VARCHAR(64) NOT NULL,
    finished_at             TIMESTAMPTZ,
    migration_name          VARCHAR(255) NOT NULL,
    logs                    TEXT,
    rolled_back_at          TIMESTAMPTZ,
    started_at              TIMESTAMPTZ NOT NULL DEFAULT now(),
    applied_steps_count     INTEGER NOT NULL DEFAULT 0
);`,
}

export const SELECT_APPLIED = `SELECT migration_name, checksum, finished_at IS NOT NULL AS finished
FROM _prisma_migrations WHERE rolled_back_at IS NULL`

/**
 * Whether anything is to be applied. Refuses a database that a newer program made, that stopped in
 * the middle of a migration, or whose migrations are other ones of the same name: continuing on any
 * of these guesses with somebody's data.
 */
export function hasPending(
  migrations: readonly Migration[],
  applied: readonly AppliedMigration[],
): boolean {
  for (const { name, checksum, isFinished } of applied) {
    const migration = migrations.find((candidate) => candidate.name === name)
    if (!migration) {
      throw new ServiceError(
        'failed_precondition',
        'storage.database_newer',
        `The database has the migration "${name}", which this version does not know. Start the version that made it, or a later one.`,
      )
    }
    if (!isFinished) throw migrationFailed(name, 'it was left unfinished by an earlier start')
    if (checksum !== checksumOf(migration)) {
      throw new ServiceError(
        'failed_precondition',
        'storage.migration_edited',
        `The migration "${name}" is not the one that was applied to this database. Restore it, and put the change in a migration of its own.`,
      )
    }
  }
  return applied.length < migrations.length
}

export function checksumOf({ sql }: Migration): string {
  return createHash('sha256').update(sql).digest('hex')
}

/** The row that the schema engine leaves behind an applied migration. */
export function recordStatement(engine: EngineName, migration: Migration): string {
  const now = new Date().toISOString().replace('Z', '+00:00')
  const table = engine === 'sqlite' ? '`_prisma_migrations`' : '_prisma_migrations'
  const values = [randomUUID(), checksumOf(migration), now, migration.name, now]
  const literals = values.map((value) => `'${value.replaceAll("'", "''")}'`).join(', ')
  return `INSERT INTO ${table} (id, checksum, started_at, migration_name, finished_at, applied_steps_count) VALUES (${literals}, 1);`
}

export function migrationFailed(name: string, why: string, cause?: unknown): ServiceError {
  return new ServiceError(
    'failed_precondition',
    'storage.migration_failed',
    `The migration "${name}" could not be applied: ${why}. The data is as it was before.`,
    { details: { migration: name }, ...(cause === undefined ? {} : { cause }) },
  )
}
