import { spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, onTestFinished } from 'vitest'
import type { EngineName } from './migrations.ts'
import { testConfig } from './testing.config.ts'
import { type PostgresServer, startPostgres } from './testing-postgres.ts'

export interface DatabaseFactory {
  engine: EngineName
  /** A fresh, empty database. */
  create(): Promise<{ url: string; drop(): Promise<void> }>
}

/**
 * The engines that every store is tested on: `describe.each(databaseFactories())('$engine', …)`.
 * PostgreSQL is the server at `TEST_POSTGRES_URL`, or a container. Where there is neither, it is left
 * out with a printed reason, and fails in CI.
 */
export function databaseFactories(): DatabaseFactory[] {
  const sqlite: DatabaseFactory = { engine: 'sqlite', create: createSqliteFile }
  const missing = explainMissingPostgres()
  if (missing && !testConfig.isCi) {
    process.stderr.write(`PostgreSQL tests are skipped: ${missing}\n`)
    return [sqlite]
  }
  return [sqlite, createPostgresFactory()]
}

/** Opens a store on a database of its own; both are gone when the test that asks for them is. */
export async function openForTest<S extends { close(): Promise<void> }>(
  create: DatabaseFactory['create'],
  open: (url: string) => Promise<S>,
): Promise<S> {
  const database = await create()
  const store = await open(database.url)
  onTestFinished(async () => {
    await store.close()
    await database.drop()
  })
  return store
}

async function createSqliteFile() {
  const folder = await mkdtemp(join(tmpdir(), 'executor-sqlite-'))
  return {
    url: `file:${join(folder, 'test.db')}`,
    drop: () => rm(folder, { recursive: true, force: true }),
  }
}

function explainMissingPostgres(): string | null {
  if (testConfig.postgresUrl) return null
  const docker = spawnSync('docker', ['version', '--format', '{{.Server.Version}}'], {
    timeout: 10_000,
  })
  return docker.status === 0 ? null : 'Docker does not answer, and TEST_POSTGRES_URL is not set.'
}

function createPostgresFactory(): DatabaseFactory {
  let server: Promise<PostgresServer> | undefined
  // Registered while tests are collected: hooks cannot be added by a running test.
  afterAll(async () => {
    const started = await server?.catch(() => null)
    await started?.stop()
  })
  return {
    engine: 'postgresql',
    create: async () => {
      server ??= startPostgres()
      return createPostgresDatabase((await server).url)
    },
  }
}

async function createPostgresDatabase(server: string) {
  const name = `test_${randomUUID().replaceAll('-', '')}`
  await onServer(server, `CREATE DATABASE ${name}`)
  const url = new URL(server)
  url.pathname = `/${name}`
  return { url: url.href, drop: () => onServer(server, `DROP DATABASE ${name} WITH (FORCE)`) }
}

async function onServer(url: string, statement: string): Promise<void> {
  const { default: pg } = await import('pg')
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
