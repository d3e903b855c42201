import { setImmediate } from 'node:timers/promises'
import type { OpenedDatabase } from '@executor/storage'
import type { PrismaClient } from '../../prisma/client/sqlite/client.ts'

/** What of a snapshot a process left that died while it wrote or dropped it. */
export interface Leftovers {
  /**
   * Deletes rows of snapshots that never became whole, with others in between; answers how many.
   * Where other processes write too, nobody knows what is under way, and everything stays: an import
   * of the same source completes it.
   */
  dropLeftovers(signal: AbortSignal): Promise<number>
}

export interface LeftoversKeeper extends Leftovers {
  /** Writes a snapshot, whose rows are nobody's leftovers meanwhile. */
  whileWritten<T>(tenant: string, hash: string, write: () => Promise<T>): Promise<T>
}

interface Place {
  tenant: string
  snapshot: string
}
type Table = 'Operation' | 'Definition'

/** Small enough that nobody waits for them. */
const ROWS_AT_ONCE = 200

export function leftovers({ client, engine }: OpenedDatabase<PrismaClient>): LeftoversKeeper {
  const written: string[] = []
  let deleting: Promise<unknown> = Promise.resolve()

  async function dropFrom(table: Table, signal: AbortSignal): Promise<number> {
    let dropped = 0
    let at = await findNext(table, { tenant: '', snapshot: '' })
    while (at && !signal.aborted) {
      const count = at.isWhole ? 0 : await dropSome(table, at)
      dropped += count
      if (count === 0) at = await findNext(table, at)
      await setImmediate()
    }
    return dropped
  }

  /** From one snapshot to the next by the index: the rows in between are not read. */
  async function findNext(table: Table, { tenant, snapshot }: Place) {
    const [next] = await client.$queryRawUnsafe<(Place & { isWhole: number | bigint })[]>(
      `SELECT "tenant", "snapshot", EXISTS (SELECT 1 FROM "Snapshot"
         WHERE "tenant" = rows."tenant" AND "hash" = rows."snapshot") AS "isWhole"
       FROM "${table}" AS rows WHERE ("tenant", "snapshot") > (?, ?)
       ORDER BY "tenant", "snapshot" LIMIT 1`,
      tenant,
      snapshot,
    )
    return next ? { ...next, isWhole: Boolean(next.isWhole) } : null
  }

  async function dropSome(table: Table, { tenant, snapshot }: Place): Promise<number> {
    if (written.includes(keyOf(tenant, snapshot))) return 0
    const dropping = drop(table, { tenant, snapshot })
    deleting = dropping.catch(() => undefined)
    return dropping
  }

  async function drop(table: Table, { tenant, snapshot }: Place): Promise<number> {
    return client.$executeRawUnsafe(
      `DELETE FROM "${table}" WHERE rowid IN (
         SELECT rowid FROM "${table}" WHERE "tenant" = ? AND "snapshot" = ? LIMIT ${ROWS_AT_ONCE})
       AND NOT EXISTS (SELECT 1 FROM "Snapshot" WHERE "tenant" = ? AND "hash" = ?)`,
      tenant,
      snapshot,
      tenant,
      snapshot,
    )
  }

  return {
    async dropLeftovers(signal) {
      if (engine !== 'sqlite') return 0
      return (await dropFrom('Operation', signal)) + (await dropFrom('Definition', signal))
    },
    async whileWritten(tenant, hash, write) {
      const key = keyOf(tenant, hash)
      written.push(key)
      try {
        // What is being deleted may be what is about to be written.
        await deleting
        return await write()
      } finally {
        written.splice(written.indexOf(key), 1)
      }
    },
  }
}

function keyOf(tenant: string, hash: string): string {
  return JSON.stringify([tenant, hash])
}
