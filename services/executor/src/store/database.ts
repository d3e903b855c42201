import type { EngineName, OpenedDatabase } from '@executor/storage'
import type { PrismaClient } from '../../prisma/client/sqlite/client.ts'

/** The executor's database; the client of the other engine is the same but for its engine. */
export type Database = OpenedDatabase<PrismaClient>

/** The database's clock is the one clock that every worker shares. */
export function clockOf(engine: EngineName): string {
  return engine === 'sqlite'
    ? "CAST(unixepoch('subsec') * 1000 AS INTEGER)"
    : 'CAST(extract(epoch FROM clock_timestamp()) * 1000 AS bigint)'
}

/** A run at rest, to be taken up again. */
export function wake(id: string) {
  return { where: { id, status: 'waiting' }, data: { status: 'queued', holder: null } }
}

/** Prisma reads an absent key and `undefined` alike, the compiler does not. */
export function defined<T extends object>(
  filter: T,
): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>
  }
}
