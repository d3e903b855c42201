import { setImmediate } from 'node:timers/promises'
import { type OpenedDatabase, toInsert } from '@executor/storage'
import type { PrismaClient } from '../../prisma/client/sqlite/client.ts'

/** One operation, serialized: `listing` and `detail` are JSON texts, `refs` direct definition names. */
export interface OperationRow {
  name: string
  listing: string
  detail: string
  refs: { input: string[]; output: string[] }
}
export interface DefinitionRow {
  name: string
  json: string
  refs: string[]
}

/** What a source was imported into, in the form in which it is stored. */
export interface SnapshotRows {
  hash: string
  /** Every operation; its hash changes with anything it says or reaches. */
  tools: readonly { name: string; hash: string }[]
  /** Asked for last, when the rows have been read. */
  index(): Promise<Uint8Array>
  /** In name order; other requests are answered between two batches. */
  operations: Iterable<OperationRow[]> | AsyncIterable<OperationRow[]>
  definitions: Iterable<DefinitionRow[]> | AsyncIterable<DefinitionRow[]>
}

export interface StoredSnapshots {
  hasSnapshot(tenant: string, hash: string): Promise<boolean>
  /** Stored once; the snapshot's own row comes last, so that a half-written one is never found. */
  saveSnapshot(tenant: string, rows: SnapshotRows): Promise<void>
  /** Deletes a snapshot that nothing points at any more. */
  dropUnusedSnapshot(tenant: string, hash: string): Promise<void>
  listListings(tenant: string, hash: string): Promise<{ name: string; listing: string }[]>
  /** In their order. */
  listNames(tenant: string, hash: string): Promise<string[]>
  /** Names and hashes, for telling what a refresh changed. */
  listTools(tenant: string, hash: string): Promise<{ name: string; hash: string }[]>
  listDetails(tenant: string, hash: string): Promise<{ name: string; detail: string }[]>
  findOperation(tenant: string, hash: string, name: string): Promise<OperationRow | null>
  findDefinitions(tenant: string, hash: string, names: string[]): Promise<DefinitionRow[]>
  /** Those that there are, by hash. */
  findIndexes(tenant: string, hashes: readonly string[]): Promise<Map<string, Uint8Array>>
}

/** Rows a statement takes at once: small enough that other requests are answered between two. */
const DEFINITION_NAMES_MAX = 200
/** Indexes that are read by one statement: each may have megabytes. */
const INDEXES_MAX = 100

export function snapshots({
  client,
  engine,
  transact,
}: OpenedDatabase<PrismaClient>): StoredSnapshots {
  return {
    async hasSnapshot(tenant, hash) {
      return (await client.snapshot.count({ where: { tenant, hash } })) > 0
    },
    async saveSnapshot(tenant, rows) {
      let ordinal = 0
      const hashes = new Map(rows.tools.map(({ name, hash }) => [name, hash]))
      for await (const batch of rows.operations) {
        const insert = toInsert(
          engine,
          'Operation',
          OPERATION_COLUMNS,
          batch.map((row) => ({
            tenant,
            snapshot: rows.hash,
            name: row.name,
            ordinal: ordinal++,
            listing: row.listing,
            detail: row.detail,
            refs: JSON.stringify(row.refs),
            hash: hashes.get(row.name) ?? '',
          })),
          { onConflict: 'ignore' },
        )
        await transact([insert])
        await setImmediate()
      }
      for await (const batch of rows.definitions) {
        const insert = toInsert(
          engine,
          'Definition',
          DEFINITION_COLUMNS,
          batch.map((row) => ({
            tenant,
            snapshot: rows.hash,
            name: row.name,
            json: row.json,
            refs: JSON.stringify(row.refs),
          })),
          { onConflict: 'ignore' },
        )
        await transact([insert])
        await setImmediate()
      }
      const data = {
        toolCount: rows.tools.length,
        index: new Uint8Array(await rows.index()),
        createdAt: BigInt(Date.now()),
      }
      await client.snapshot.upsert({
        where: { tenant_hash: { tenant, hash: rows.hash } },
        create: { tenant, hash: rows.hash, ...data },
        update: {},
      })
    },
    async dropUnusedSnapshot(tenant, hash) {
      const where = { tenant, snapshot: hash }
      const used =
        (await client.integration.count({ where })) +
        (await client.connectionSnapshot.count({ where })) +
        (await client.offer.count({ where }))
      if (used > 0) return
      await client.snapshot.deleteMany({ where: { tenant, hash } })
      await client.operation.deleteMany({ where })
      await client.definition.deleteMany({ where })
    },
    listListings: (tenant, hash) =>
      client.operation.findMany({
        ...inOrder(tenant, hash),
        select: { name: true, listing: true },
      }),
    async listNames(tenant, hash) {
      const select = { name: true }
      const rows = await client.operation.findMany({ ...inOrder(tenant, hash), select })
      return rows.map(({ name }) => name)
    },
    listTools: (tenant, hash) =>
      client.operation.findMany({ ...inOrder(tenant, hash), select: { name: true, hash: true } }),
    listDetails: (tenant, hash) =>
      client.operation.findMany({ ...inOrder(tenant, hash), select: { name: true, detail: true } }),
    async findOperation(tenant, hash, name) {
      const row = await client.operation.findUnique({
        where: { tenant_snapshot_name: { tenant, snapshot: hash, name } },
      })
      return row && { ...row, refs: JSON.parse(row.refs) as OperationRow['refs'] }
    },
    async findDefinitions(tenant, hash, names) {
      const found: DefinitionRow[] = []
      for (let start = 0; start < names.length; start += DEFINITION_NAMES_MAX) {
        const rows = await client.definition.findMany({
          where: {
            tenant,
            snapshot: hash,
            name: { in: names.slice(start, start + DEFINITION_NAMES_MAX) },
          },
        })
        for (const row of rows) found.push({ ...row, refs: JSON.parse(row.refs) as string[] })
      }
      return found
    },
    async findIndexes(tenant, hashes) {
      const found = new Map<string, Uint8Array>()
      for (let start = 0; start < hashes.length; start += INDEXES_MAX) {
        if (start > 0) await setImmediate()
        const rows = await client.snapshot.findMany({
          where: { tenant, hash: { in: hashes.slice(start, start + INDEXES_MAX) } },
          select: { hash: true, index: true },
        })
        for (const { hash, index } of rows) found.set(hash, index)
      }
      return found
    },
  }
}

/** A snapshot's operations, as they were saved. */
function inOrder(tenant: string, snapshot: string) {
  return { where: { tenant, snapshot }, orderBy: { ordinal: 'asc' } } as const
}

const OPERATION_COLUMNS = {
  tenant: 'text',
  snapshot: 'text',
  name: 'text',
  ordinal: 'integer',
  listing: 'text',
  detail: 'text',
  refs: 'text',
  hash: 'text',
} as const
const DEFINITION_COLUMNS = {
  tenant: 'text',
  snapshot: 'text',
  name: 'text',
  json: 'text',
  refs: 'text',
} as const
