import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDatabase } from '@executor/storage'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { FIRST, migrationsOf } from './fixtures.ts'
import { clients } from './raw-client.ts'

const MEBIBYTE = 2 ** 20

describe('checkpoints of a SQLite file', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'executor-checkpoints-'))
  })
  afterEach(() => rm(folder, { recursive: true, force: true }))

  const open = (name = 'test.db') =>
    openDatabase({ url: `file:${join(folder, name)}`, migrations: migrationsOf(FIRST), clients })
  type Opened = Awaited<ReturnType<typeof open>>

  const sizeOf = async (name: string) => (await stat(join(folder, name))).size
  /** One row of 64 KiB after the other. */
  async function fill({ transact }: Opened, from: number, to: number): Promise<void> {
    const sql = `INSERT INTO "Item" VALUES ($1, $2)`
    for (let row = from; row < to; row += 1) {
      await transact([{ sql, parameters: [`${row}`, `${row % 10}`.repeat(65_536)] }])
    }
  }
  it('bring what was written into the file while it is written', async () => {
    const database = await open()
    await fill(database, 0, 100)

    await vi.waitFor(
      async () => expect(await sizeOf('test.db')).toBeGreaterThan(4 * MEBIBYTE),
      10_000,
    )
    await database.close()
  })

  it('let the log start over', async () => {
    const database = await open()
    await fill(database, 0, 400)
    expect(await sizeOf('test.db-wal')).toBeGreaterThan(24 * MEBIBYTE)

    let row = 400
    await vi.waitFor(async () => {
      await fill(database, row, ++row)
      expect(await sizeOf('test.db-wal')).toBeLessThanOrEqual(16 * MEBIBYTE)
    }, 20_000)
    expect(await database.client.$queryRawUnsafe('SELECT count(*) FROM "Item"')).toEqual([
      [String(row)],
    ])
    await database.close()
  })

  it('are over with the database', async () => {
    const database = await open()
    await fill(database, 0, 100)
    await database.close()

    const again = await open()
    await fill(again, 100, 200)
    await vi.waitFor(
      async () => expect(await sizeOf('test.db')).toBeGreaterThan(8 * MEBIBYTE),
      10_000,
    )
    await again.close()
  })

  it('serve several files at once', async () => {
    const [one, other] = await Promise.all([open(), open('other.db')])
    await Promise.all([fill(one, 0, 200), fill(other, 0, 200)])

    await vi.waitFor(async () => {
      expect(await sizeOf('test.db')).toBeGreaterThan(MEBIBYTE)
      expect(await sizeOf('other.db')).toBeGreaterThan(MEBIBYTE)
    }, 10_000)
    await Promise.all([one.close(), other.close()])
  })
})
