import { openDatabase } from '@executor/storage'
import { databaseFactories } from '@executor/storage/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Migration } from '../src/migrations.ts'
import { BROKEN, FIRST, migrationsOf, SECOND } from './fixtures.ts'
import { clients } from './raw-client.ts'

describe.each(databaseFactories())('openDatabase on $engine', ({ engine, create }) => {
  let url: string
  let drop: () => Promise<void>
  beforeEach(async () => {
    ;({ url, drop } = await create())
  })
  afterEach(() => drop())

  const open = (...migrations: Migration[]) =>
    openDatabase({ url, migrations: migrationsOf(...migrations), clients })

  async function query(sql: string, ...migrations: Migration[]): Promise<unknown[][]> {
    const database = await open(...migrations)
    const rows = await database.client.$queryRawUnsafe(sql)
    await database.close()
    return rows
  }

  async function insertItem(...migrations: Migration[]): Promise<void> {
    const database = await open(...migrations)
    await database.client.$executeRawUnsafe(`INSERT INTO "Item" (id, label) VALUES ('a', 'b')`)
    await database.close()
  }

  const HISTORY = `SELECT migration_name, checksum, applied_steps_count, logs, rolled_back_at,
    CASE WHEN finished_at >= started_at THEN 'finished' END
    FROM _prisma_migrations ORDER BY migration_name`

  it('makes a fresh database', async () => {
    const database = await open(FIRST, SECOND)

    expect(database.engine).toBe(engine)
    expect(await database.client.$queryRawUnsafe('SELECT * FROM "Item"')).toEqual([])
    await database.close()
  })

  it('records a fresh database exactly as the schema engine would', async () => {
    const made = await query(HISTORY, FIRST, SECOND)
    const upgraded = await create()
    const other = { url: upgraded.url, clients }
    await (await openDatabase({ ...other, migrations: migrationsOf(FIRST) })).close()
    const database = await openDatabase({ ...other, migrations: migrationsOf(FIRST, SECOND) })

    expect(made).toEqual(await database.client.$queryRawUnsafe(HISTORY))

    await database.close()
    await upgraded.drop()
  })

  it('brings an older database up to date and keeps its rows', async () => {
    await insertItem(FIRST)

    expect(await query('SELECT * FROM "Item"', FIRST, SECOND)).toEqual([['a', 'b', 'a;b']])
  })

  it('leaves the data as it was when a migration fails, and names the migration', async () => {
    await insertItem(FIRST)

    await expect(open(FIRST, SECOND, BROKEN)).rejects.toMatchObject({
      code: 'failed_precondition',
      reason: 'storage.migration_failed',
      message: expect.stringContaining('"0003_broken"'),
      details: { migration: '0003_broken' },
    })

    expect(await query('SELECT * FROM "Item"', FIRST)).toEqual([['a', 'b']])
    expect(await query(HISTORY, FIRST)).toHaveLength(1)
  })

  it('leaves a fresh database empty when a migration fails', async () => {
    await expect(open(FIRST, BROKEN)).rejects.toMatchObject({
      details: { migration: '0003_broken' },
    })

    expect(await query(HISTORY, FIRST)).toHaveLength(1)
  })

  it('goes on once a failed migration is mended', async () => {
    await insertItem(FIRST)
    await open(FIRST, BROKEN).catch(() => undefined)
    const mended = { ...BROKEN, sql: 'CREATE TABLE "Missing" (id TEXT);' }

    expect(await query('SELECT * FROM "Item"', FIRST, mended)).toEqual([['a', 'b']])
  })

  it('refuses a database that a newer version made', async () => {
    await insertItem(FIRST, SECOND)

    await expect(open(FIRST)).rejects.toMatchObject({ reason: 'storage.database_newer' })
  })

  it('refuses a migration that changed after it was applied', async () => {
    await insertItem(FIRST)
    const edited = { ...FIRST, sql: `${FIRST.sql}\n-- edited` }

    await expect(open(edited)).rejects.toMatchObject({ reason: 'storage.migration_edited' })
  })

  it('lets many start at once on a fresh database and on an older one', async () => {
    const fresh = await Promise.all(Array.from({ length: 3 }, () => open(FIRST)))
    await Promise.all(fresh.map((database) => database.close()))
    const later = await Promise.all(Array.from({ length: 3 }, () => open(FIRST, SECOND)))
    await Promise.all(later.map((database) => database.close()))

    expect(await query(HISTORY, FIRST, SECOND)).toHaveLength(2)
  })
})
