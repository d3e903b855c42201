import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, vi } from 'vitest'
import { openSqliteConnection } from '../sqlite-connection.ts'
import { createCheckpoints } from './checkpoints.ts'

vi.mock('./thread.ts', () => ({
  checkpointOf: () => Promise.reject(new Error('no thread can be started')),
  leaveFile: async () => {},
}))

it('leaves checkpoints to the connection where no thread can do them', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'executor-checkpoints-'))
  const path = join(folder, 'test.db')
  const connection = openSqliteConnection(path)
  connection.executeScript('PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 16384')
  connection.executeScript('CREATE TABLE "Item" ("text" TEXT)')
  const checkpoints = createCheckpoints(path, connection)

  connection.run('INSERT INTO "Item" VALUES (?)', ['x'.repeat(5_000_000)])

  await vi.waitFor(() =>
    expect(connection.run('PRAGMA wal_autocheckpoint', []).rows).toEqual([[1000n]]),
  )
  await checkpoints.close()
  connection.close()
  await rm(folder, { recursive: true })
})
