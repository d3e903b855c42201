import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDatabase } from '@executor/storage'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { FIRST, migrationsOf } from './fixtures.ts'
import { clients } from './raw-client.ts'

const FAMILY = {
  name: '0001_family',
  sql: `CREATE TABLE "Parent" ("id" TEXT NOT NULL PRIMARY KEY);
CREATE TABLE "Child" ("id" TEXT NOT NULL PRIMARY KEY,
  "parent" TEXT NOT NULL REFERENCES "Parent" ("id") ON DELETE CASCADE);
INSERT INTO "Parent" VALUES ('p');
INSERT INTO "Child" VALUES ('c', 'p');`,
}

describe('openDatabase on a SQLite file', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'executor-sqlite-'))
  })
  afterEach(() => rm(folder, { recursive: true, force: true }))

  const open = (...migrations: (typeof FAMILY)[]) =>
    openDatabase({
      url: `file:${join(folder, 'test.db')}`,
      migrations: migrationsOf(...migrations),
      clients,
    })

  it('lets only its owner read the file and its journal', async () => {
    const database = await open(FIRST)

    expect((await stat(join(folder, 'test.db'))).mode & 0o777).toBe(0o600)
    expect((await stat(join(folder, 'test.db-wal'))).mode & 0o777).toBe(0o600)
    await database.close()
  })

  it('keeps its settings after a transaction', async () => {
    const { client, close } = await open(FAMILY)
    await (await client.begin()).commit()
    await (await client.begin()).rollback()

    expect(await client.$queryRawUnsafe('PRAGMA foreign_keys')).toEqual([['1']])
    expect(await client.$queryRawUnsafe('PRAGMA journal_mode')).toEqual([['wal']])
    expect(await client.$queryRawUnsafe('PRAGMA synchronous')).toEqual([['1']])
    expect(await client.$queryRawUnsafe('PRAGMA busy_timeout')).toEqual([['5000']])
    await close()
  })

  it('waits for the disk where a power cut must lose nothing', async () => {
    const { client, close } = await openDatabase({
      url: `file:${join(folder, 'test.db')}`,
      migrations: migrationsOf(FIRST),
      clients,
      durability: 'power',
    })

    expect(await client.$queryRawUnsafe('PRAGMA synchronous')).toEqual([['2']])
    await close()
  })

  it('makes others wait for an open transaction', async () => {
    const { client, close } = await open(FIRST)
    const transaction = await client.begin()
    const outside = client.$executeRawUnsafe(`INSERT INTO "Item" VALUES ('out', '')`)
    await transaction.executeRaw({
      sql: `INSERT INTO "Item" VALUES ('in', '')`,
      args: [],
      argTypes: [],
    })
    await transaction.rollback()
    await outside

    expect(await client.$queryRawUnsafe('SELECT id FROM "Item"')).toEqual([['out']])
    await close()
  })

  it('keeps the rows that refer to a table which a migration rebuilds', async () => {
    await (await open(FAMILY)).close()
    const rebuild = {
      name: '0002_rebuild',
      sql: `PRAGMA defer_foreign_keys=ON;
PRAGMA foreign_keys=OFF;
CREATE TABLE "new_Parent" ("id" TEXT NOT NULL PRIMARY KEY, "age" INTEGER);
INSERT INTO "new_Parent" ("id") SELECT "id" FROM "Parent";
DROP TABLE "Parent";
ALTER TABLE "new_Parent" RENAME TO "Parent";
PRAGMA foreign_keys=ON;
PRAGMA defer_foreign_keys=OFF;`,
    }

    const { client, close } = await open(FAMILY, rebuild)

    expect(await client.$queryRawUnsafe('SELECT id FROM "Child"')).toEqual([['c']])
    await close()
  })

  it('refuses a migration that leaves rows which refer to nothing', async () => {
    await (await open(FAMILY)).close()
    const orphan = { name: '0002_orphan', sql: `DELETE FROM "Parent";` }

    await expect(open(FAMILY, orphan)).rejects.toMatchObject({
      reason: 'storage.migration_failed',
      message: expect.stringContaining('"Child"'),
    })
  })

  it('says what is wrong with a folder that does not exist, without its details', async () => {
    const url = `file:${join(folder, 'missing', 'test.db')}`

    await expect(openDatabase({ url, migrations: migrationsOf(), clients })).rejects.toMatchObject({
      code: 'unavailable',
      reason: 'storage.database_unavailable',
    })
  })

  it('refuses a file that is no database', async () => {
    const { writeFile } = await import('node:fs/promises')
    await writeFile(join(folder, 'test.db'), 'something else entirely'.repeat(100))

    await expect(open(FIRST)).rejects.toMatchObject({ code: 'unavailable' })
  })

  it('loses no acknowledged write when the process is killed', async () => {
    await (await open(FIRST)).close()
    const script = `
      import { openDatabase } from '@executor/storage'
      import { clients } from ${JSON.stringify(join(import.meta.dirname, 'raw-client.ts'))}
      import { FIRST, migrationsOf } from ${JSON.stringify(join(import.meta.dirname, 'fixtures.ts'))}
      const url = ${JSON.stringify(`file:${join(folder, 'test.db')}`)}
      const { client } = await openDatabase({ url, migrations: migrationsOf(FIRST), clients })
      for (let n = 1; ; n++) {
        await client.$executeRawUnsafe(\`INSERT INTO "Item" VALUES ('\${n}', '')\`)
        process.stdout.write(n + '\\n')
        await new Promise((resolve) => setImmediate(resolve))
      }
    `
    const writer = spawn(process.execPath, ['--input-type=module', '-e', script], {
      cwd: import.meta.dirname,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let acknowledged = ''
    for await (const chunk of writer.stdout) {
      acknowledged += chunk
      if (acknowledged.length > 2000) writer.kill('SIGKILL')
    }
    if (writer.exitCode === null && writer.signalCode === null) await once(writer, 'exit')

    const { client, close } = await open(FIRST)
    const rows = await client.$queryRawUnsafe('SELECT id FROM "Item"')
    const ids = new Set(rows.map(([id]) => id))
    const lost = acknowledged
      .split('\n')
      .slice(0, -1)
      .filter((id) => !ids.has(id))
    expect(lost).toEqual([])
    await close()
  })
})

describe('parseEngine', () => {
  it('refuses other databases without repeating what may hold a password', async () => {
    const url = 'mysql://root:hunter2@localhost/db'

    const error = await openDatabase({ url, migrations: migrationsOf(), clients }).catch(
      (thrown: unknown) => thrown,
    )

    expect(error).toMatchObject({ code: 'invalid_argument', reason: 'storage.url_invalid' })
    expect(JSON.stringify(error) + String(error)).not.toContain('hunter2')
  })
})
