import { insertRows, type OpenedDatabase, openDatabase } from '@executor/storage'
import { databaseFactories } from '@executor/storage/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { clients, type RawClient } from './raw-client.ts'

const columns = {
  id: 'text',
  count: 'integer',
  at: 'bigint',
  ratio: 'double',
  isDone: 'boolean',
  payload: 'bytes',
} as const
const table = (bytes: string, boolean: string, double: string) => [
  {
    name: '0001_thing',
    sql: `CREATE TABLE "Thing" ("id" TEXT NOT NULL PRIMARY KEY, "count" INTEGER, "at" BIGINT,
      "ratio" ${double}, "isDone" ${boolean}, "payload" ${bytes});`,
  },
]
const migrations = {
  sqlite: table('BLOB', 'BOOLEAN', 'REAL'),
  postgresql: table('BYTEA', 'BOOLEAN', 'DOUBLE PRECISION'),
}

function aRow(id: string) {
  return { id, count: 1, at: 2n, ratio: 0.5, isDone: true, payload: null }
}

describe.each(databaseFactories())('insertRows on $engine', ({ create }) => {
  let database: OpenedDatabase<RawClient>
  let drop: () => Promise<void>
  beforeEach(async () => {
    const made = await create()
    drop = made.drop
    database = await openDatabase({ url: made.url, migrations, clients })
  })
  afterEach(async () => {
    await database.close()
    await drop()
  })

  const select = (sql: string) => database.client.$queryRawUnsafe(sql)

  it('writes every kind of value, empty ones included', async () => {
    const hostile = `'); DROP TABLE "Thing"; -- "é" \u{1f600} \\`
    const rows = [
      { ...aRow(hostile), at: 9_007_199_254_740_993n, payload: new Uint8Array([0, 255]) },
      { id: 'empty', count: null, at: null, ratio: null, isDone: null, payload: null },
    ]

    expect(await insertRows(database, 'Thing', columns, rows)).toBe(2)

    const text = `SELECT id, count, CAST(at AS TEXT), ratio, CASE WHEN "isDone" THEN 'yes' END FROM "Thing" ORDER BY id DESC`
    expect(await select(text)).toEqual([
      ['empty', null, null, null, null],
      [hostile, 1, '9007199254740993', 0.5, 'yes'],
    ])
    const [[payload] = []] = await select('SELECT payload FROM "Thing" WHERE payload IS NOT NULL')
    expect(Buffer.from(payload as Uint8Array)).toEqual(Buffer.from([0, 255]))
  })

  it('writes nothing when one row is refused', async () => {
    const attempt = insertRows(database, 'Thing', columns, [aRow('a'), aRow('b'), aRow('a')])

    await expect(attempt).rejects.toThrow()
    expect(await select('SELECT id FROM "Thing"')).toEqual([])
  })

  it('leaves rows that exist where told to', async () => {
    await insertRows(database, 'Thing', columns, [aRow('a')])

    const rows = [{ ...aRow('a'), count: 9 }, aRow('b')]
    const options = { onConflict: 'ignore' } as const
    expect(await insertRows(database, 'Thing', columns, rows, options)).toBe(1)

    expect(await select('SELECT id, count FROM "Thing" ORDER BY id')).toEqual([
      ['a', 1],
      ['b', 1],
    ])
  })

  it('sets the named columns of rows that exist', async () => {
    await insertRows(database, 'Thing', columns, [aRow('a')])

    const rows = [{ ...aRow('a'), count: 9, ratio: 0.25 }]
    await insertRows(database, 'Thing', columns, rows, {
      onConflict: { columns: ['id'], update: ['count'] },
    })

    expect(await select('SELECT count, ratio FROM "Thing"')).toEqual([[9, 0.5]])
  })

  it('does nothing without rows', async () => {
    expect(await insertRows(database, 'Thing', columns, [])).toBe(0)
  })

  it('writes thousands of rows at once', async () => {
    const rows = Array.from({ length: 5000 }, (_, index) => aRow(String(index)))

    expect(await insertRows(database, 'Thing', columns, rows)).toBe(5000)
  })
})
