import { type OpenedDatabase, openDatabase } from '@executor/storage'
import { databaseFactories } from '@executor/storage/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { FIRST, migrationsOf } from './fixtures.ts'
import { clients, type RawClient } from './raw-client.ts'

const INSERT = 'INSERT INTO "Item" ("id", "label") VALUES ($1, $2) RETURNING "id", "label"'
const SELECT = 'SELECT "id" FROM "Item" ORDER BY "id"'

describe.each(databaseFactories())('transact on $engine', ({ engine, create }) => {
  let database: OpenedDatabase<RawClient>
  let drop: () => Promise<void>
  beforeEach(async () => {
    const made = await create()
    drop = made.drop
    database = await openDatabase({ url: made.url, migrations: migrationsOf(FIRST), clients })
  })
  afterEach(async () => {
    await database.close()
    await drop()
  })

  const add = (id: string, label: string | null = 'x') => ({ sql: INSERT, parameters: [id, label] })
  const ids = async () => (await database.transact([{ sql: SELECT, parameters: [] }]))[0]

  it('answers the rows of each statement, in their order', async () => {
    const hostile = `'); DROP TABLE "Item"; -- é \u{1f600}`

    const rows = await database.transact([
      add('a', hostile),
      { sql: `UPDATE "Item" SET "label" = 'y'`, parameters: [] },
      { sql: SELECT, parameters: [] },
    ])

    expect(rows).toEqual([[{ id: 'a', label: hostile }], [], [{ id: 'a' }]])
  })

  it('does all or nothing, and goes on afterwards', async () => {
    await expect(database.transact([add('a'), add('b', null)])).rejects.toThrow()
    expect(await ids()).toEqual([])

    await database.transact([add('a'), add('b')])
    expect(await ids()).toEqual([{ id: 'a' }, { id: 'b' }])
  })

  it.runIf(engine === 'sqlite')(
    'waits for a transaction that is under way on its one connection',
    async () => {
      const transaction = await database.client.begin()
      await transaction.executeRaw({
        sql: `INSERT INTO "Item" ("id", "label") VALUES ('first', 'x')`,
        args: [],
        argTypes: [],
      })

      const adding = database.transact([add('first'), add('second')]).catch(() => 'refused')
      await transaction.commit()

      expect(await adding).toBe('refused')
      expect(await ids()).toEqual([{ id: 'first' }])
    },
  )

  it('does nothing without statements', async () => {
    expect(await database.transact([])).toEqual([])
  })
})
