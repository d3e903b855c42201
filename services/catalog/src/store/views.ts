import { insertRows, type OpenedDatabase } from '@executor/storage'
import type { PrismaClient } from '../../prisma/client/sqlite/client.ts'
import type { DefinitionRow, OperationRow } from './snapshots.ts'

/** A snapshot made of another one: some of its operations left out, some as they were before. */
export interface View {
  hash: string
  /** Of whose rows the view is made. */
  offered: string
  /** Operations of the offered snapshot that the view does not take from it. */
  withheld: string[]
  /** Those that it has in an earlier form instead. */
  pinned: (OperationRow & { hash: string })[]
  /** What only the pinned operations reach. */
  definitions: DefinitionRow[]
  toolCount: number
  index: Uint8Array
}

export interface ViewRows {
  /** Rows are copied within the database; like every snapshot it is found when it is whole. */
  saveView(tenant: string, view: View): Promise<void>
  /** The listings of some operations, by name. */
  findListings(tenant: string, snapshot: string, names: string[]): Promise<Map<string, string>>
}

/** Small enough that other requests are answered between two statements. */
const ROWS_AT_ONCE = 200

export function views({ client, engine }: OpenedDatabase<PrismaClient>): ViewRows {
  const [one, two, three] = engine === 'sqlite' ? ['?', '?', '?'] : ['$1', '$2', '$3']
  const copy = (table: string, columns: string) =>
    `INSERT INTO "${table}" ("tenant", "snapshot", ${columns}) SELECT "tenant", ${one}, ${columns}
     FROM "${table}" WHERE "tenant" = ${two} AND "snapshot" = ${three} ON CONFLICT DO NOTHING`
  return {
    async saveView(tenant, view) {
      const { hash, offered, withheld, pinned, definitions, toolCount, index } = view
      const of = [hash, tenant, offered] as const
      await client.$executeRawUnsafe(copy('Operation', OPERATION_COLUMNS), ...of)
      await client.$executeRawUnsafe(copy('Definition', '"name", "json", "refs"'), ...of)
      const place = { tenant, snapshot: hash }
      const places = new Map<string, number>()
      for (const names of chunks(withheld)) {
        const where = { tenant, snapshot: offered, name: { in: names } }
        const select = { name: true, ordinal: true }
        for (const row of await client.operation.findMany({ where, select }))
          places.set(row.name, row.ordinal)
        await client.operation.deleteMany({ where: { ...where, snapshot: hash } })
      }
      for (const rows of chunks(pinned)) {
        await insertRows(
          { client, engine },
          'Operation',
          { ...TEXTS, ordinal: 'integer', listing: 'text', detail: 'text', hash: 'text' },
          rows.map(({ refs, ...row }) => ({
            ...place,
            ...row,
            ordinal: places.get(row.name) ?? 0,
            refs: JSON.stringify(refs),
          })),
          { onConflict: 'ignore' },
        )
      }
      for (const rows of chunks(definitions)) {
        await insertRows(
          { client, engine },
          'Definition',
          { ...TEXTS, json: 'text' },
          rows.map((row) => ({ ...place, ...row, refs: JSON.stringify(row.refs) })),
          { onConflict: 'ignore' },
        )
      }
      const data = { toolCount, index: new Uint8Array(index), createdAt: BigInt(Date.now()) }
      await client.snapshot.upsert({
        where: { tenant_hash: { tenant, hash } },
        create: { tenant, hash, ...data },
        update: {},
      })
    },
    async findListings(tenant, snapshot, wanted) {
      const found = new Map<string, string>()
      for (const names of chunks(wanted)) {
        const rows = await client.operation.findMany({
          where: { tenant, snapshot, name: { in: names } },
          select: { name: true, listing: true },
        })
        for (const { name, listing } of rows) found.set(name, listing)
      }
      return found
    },
  }
}

const OPERATION_COLUMNS = '"name", "ordinal", "listing", "detail", "refs", "hash"'
const TEXTS = { tenant: 'text', snapshot: 'text', name: 'text', refs: 'text' } as const

function chunks<T>(rows: readonly T[]): T[][] {
  const count = Math.ceil(rows.length / ROWS_AT_ONCE)
  return Array.from({ length: count }, (_, at) =>
    rows.slice(at * ROWS_AT_ONCE, (at + 1) * ROWS_AT_ONCE),
  )
}
