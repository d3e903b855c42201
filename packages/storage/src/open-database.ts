import { ServiceError } from '@executor/contracts'
import type { SqlDriverAdapterFactory } from '@prisma/driver-adapter-utils'
import { toStorageFailure, withStorageFailures } from './failures.ts'
import type { EngineName, Migrations } from './migrations.ts'
import type { Durability } from './sqlite.ts'
import type { Transact } from './transact.ts'

/** A generated Prisma client, as far as opening and closing it goes. */
export interface ClosableClient {
  $disconnect(): Promise<void>
  $extends: unknown
}
type ClientConstructor<C> = new (options: { adapter: SqlDriverAdapterFactory }) => C

export interface OpenDatabaseOptions<C extends ClosableClient> {
  /** `file:/absolute/path.db` or `postgresql://…`. */
  url: string
  /** `services/x/prisma/client/migrations.ts`. */
  migrations: Migrations
  /** Both generated clients; they are the same but for their engine. */
  clients: { sqlite: ClientConstructor<C>; postgresql: ClientConstructor<ClosableClient> }
  /** SQLite: what an acknowledged write survives, the end of our process or a power cut too. */
  durability?: Durability
}

export interface OpenedDatabase<C> {
  client: C
  engine: EngineName
  transact: Transact
  close(): Promise<void>
}

/**
 * Opens a service's database and brings it up to date. Throws `unavailable` when it cannot be
 * reached, `failed_precondition` when a migration fails (which leaves the data as it was) or when
 * the data belongs to a newer version. Within `$transaction` use its client alone: SQLite has one
 * connection, and the outer client waits for the transaction's end.
 */
export async function openDatabase<C extends ClosableClient>(
  options: OpenDatabaseOptions<C>,
): Promise<OpenedDatabase<C>> {
  const engine = parseEngine(options.url)
  const { factory, transact, close } = await openEngine(engine, options)
  const Client = options.clients[engine] as ClientConstructor<C>
  const client = new Client({ adapter: factory })
  return {
    // A local file is not down; its calls are spared the detour.
    client: engine === 'sqlite' ? client : withStorageFailures(client),
    engine,
    transact: engine === 'sqlite' ? transact : withFailures(transact),
    close: async () => {
      await client.$disconnect()
      await close()
    },
  }
}

function withFailures(transact: Transact): Transact {
  return (statements) =>
    transact(statements).catch((error: unknown) => {
      throw toStorageFailure(error)
    })
}

async function openEngine(
  engine: EngineName,
  { url, migrations, durability = 'process' }: Omit<OpenDatabaseOptions<ClosableClient>, 'clients'>,
) {
  // Only the engine in use is loaded: each driver costs time and memory at start.
  if (engine === 'sqlite') {
    const { openSqlite } = await import('./sqlite.ts')
    return openSqlite(url, migrations.sqlite, durability)
  }
  const { openPostgresql } = await import('./postgresql.ts')
  return openPostgresql(url, migrations.postgresql)
}

/** The engine that a database URL names. Throws `invalid_argument`, and never repeats the URL. */
export function parseEngine(url: string): EngineName {
  if (url.startsWith('file:')) return 'sqlite'
  if (/^postgres(ql)?:\/\//.test(url)) return 'postgresql'
  throw new ServiceError(
    'invalid_argument',
    'storage.url_invalid',
    'A database URL starts with "file:" (SQLite) or "postgresql://".',
  )
}
