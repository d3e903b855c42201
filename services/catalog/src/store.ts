import { setImmediate } from 'node:timers/promises'
import type { AuthMethod, HealthCheckSpec } from '@executor/contracts'
import {
  coalesce,
  type OpenedDatabase,
  openDatabase,
  outlastLeases,
  toInsert,
} from '@executor/storage'
import { migrations } from '../prisma/client/migrations.ts'
import { PrismaClient as Postgres } from '../prisma/client/postgresql/client.ts'
import { PrismaClient as Sqlite } from '../prisma/client/sqlite/client.ts'
import { rememberIntegrations } from './integration-memory.ts'
import type { IntegrationRow, IntegrationRows, UpdateOptions } from './integration-row.ts'
import { type Leftovers, leftovers } from './store/leftovers.ts'
import { type PastedTexts, pastedTexts } from './store/pasted-texts.ts'
import { type Reviews, reviews, type Settlement, writeSettlement } from './store/reviews.ts'
import { type Upkeeps, upkeeps } from './store/upkeep.ts'
import { type ViewRows, views } from './store/views.ts'

export type { IntegrationRow } from './integration-row.ts'
export type { HeldRow, Settlement, SourceKey } from './store/reviews.ts'
export type { UpkeepRow } from './store/upkeep.ts'

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

export interface ConnectionKey {
  integration: string
  owner: string
  subject: string
  connection: string
}

/** What one connection reaches, where that differs from its integration. */
export interface ConnectionSnapshotRow extends ConnectionKey {
  snapshot: string
  /** What it was found out from: another basis makes it stale. */
  basis: string
  /** When the upstream last said so. */
  updatedAt: number
}

export interface Store extends IntegrationRows, Upkeeps, Reviews, ViewRows, PastedTexts, Leftovers {
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

  /** The snapshot of a connection whose tools differ from its integration's. */
  findConnectionSnapshot(tenant: string, key: ConnectionKey): Promise<ConnectionSnapshotRow | null>
  /** Those of some integrations: of everybody, or what one subject sees. */
  listConnectionSnapshots(
    tenant: string,
    integrations: readonly string[],
    subject?: string,
  ): Promise<ConnectionSnapshotRow[]>
  /** `settlement` is written with it, or not at all. */
  setConnectionSnapshot(
    tenant: string,
    row: ConnectionSnapshotRow,
    settlement?: Settlement,
  ): Promise<void>
  removeConnectionSnapshots(
    tenant: string,
    key: { integration: string } & Partial<ConnectionKey>,
  ): Promise<string[]>
  close(): Promise<void>
}

/** Rows a statement takes at once: small enough that other requests are answered between two. */
const DEFINITION_NAMES_MAX = 200
/** Indexes that are read by one statement: each may have megabytes. */
const INDEXES_MAX = 100
/** Integrations whose accounts are read by one statement. */
const INTEGRATIONS_MAX = 200

/** Opens the catalog's database, migrated. */
export async function openStore(url: string): Promise<Store> {
  const db = await openDatabase({
    url,
    migrations,
    clients: { sqlite: Sqlite, postgresql: Postgres },
  })
  const rows = integrations(db)
  const { whileWritten, dropLeftovers } = leftovers(db)
  const { saveSnapshot, ...snapshotRows } = snapshots(db)
  const { saveView, ...viewRows } = views(db)
  return {
    // An SQLite file has one process, which knows of every change.
    ...(db.engine === 'sqlite' ? rememberIntegrations(rows) : shareIntegrations(rows)),
    ...snapshotRows,
    saveSnapshot: (tenant, snapshot) =>
      whileWritten(tenant, snapshot.hash, () => saveSnapshot(tenant, snapshot)),
    ...connectionSnapshots(db),
    ...upkeeps(db),
    ...reviews(db),
    ...viewRows,
    saveView: (tenant, view) => whileWritten(tenant, view.hash, () => saveView(tenant, view)),
    dropLeftovers,
    ...pastedTexts(db),
    close: db.close,
  }
}

type Database = OpenedDatabase<Sqlite>

/**
 * Every tool call asks for its integration: calls that arrive together share the answer, and
 * executors act for a lease on the snapshot and the revision that they were told.
 */
function shareIntegrations(rows: IntegrationRows): IntegrationRows {
  const find = coalesce((key) => rows.findIntegration(...(JSON.parse(key) as [string, string])))
  return {
    ...rows,
    findIntegration: (tenant, slug) => find(JSON.stringify([tenant, slug])),
    async updateIntegration(tenant, slug, change, options) {
      const updated = await rows.updateIntegration(tenant, slug, change, options)
      if ('snapshot' in change || 'revision' in change) await outlastLeases('postgresql')
      return updated
    },
    async removeIntegration(...given) {
      const removed = await rows.removeIntegration(...given)
      await outlastLeases('postgresql')
      return removed
    },
  }
}

function integrations({ client, engine }: Database) {
  return {
    async listIntegrations(tenant: string) {
      const rows = await client.integration.findMany({
        where: { tenant },
        orderBy: { slug: 'asc' },
      })
      return rows.map(fromRow)
    },
    async findIntegration(tenant: string, slug: string) {
      const row = await client.integration.findUnique({ where: { tenant_slug: { tenant, slug } } })
      return row && fromRow(row)
    },
    async insertIntegration(tenant: string, row: IntegrationRow) {
      const count = await client.integration.count({ where: { tenant, slug: row.slug } })
      if (count > 0) return false
      const { slug, createdAt, ...rest } = row
      try {
        await client.integration.create({
          data: {
            tenant,
            slug,
            createdAt: BigInt(createdAt),
            ...(toColumns(rest) as ReturnType<typeof toColumns> & RequiredColumns),
          },
        })
        return true
      } catch (error) {
        // P2002: another request took the slug in between.
        if (isObject(error) && error.code === 'P2002') return false
        throw error
      }
    },
    async updateIntegration(
      tenant: string,
      slug: string,
      change: Partial<IntegrationRow>,
      { ifRevision, settlement }: UpdateOptions = {},
    ) {
      const where = { tenant, slug, ...(ifRevision === undefined ? {} : { revision: ifRevision }) }
      const data = toColumns(change)
      const update = async (within: Pick<Sqlite, 'integration'>) =>
        (await within.integration.updateMany({ where, data })).count > 0
      const isThere = settlement
        ? await client.$transaction(async (transaction) => {
            if (!(await update(transaction))) return false
            await writeSettlement(transaction, engine, tenant, settlement)
            return true
          })
        : await update(client)
      return isThere ? this.findIntegration(tenant, slug) : null
    },
    async removeIntegration(tenant: string, slug: string) {
      const { count } = await client.integration.deleteMany({ where: { tenant, slug } })
      return count > 0
    },
  }
}

function snapshots({ client, engine, transact }: Database) {
  return {
    async hasSnapshot(tenant: string, hash: string) {
      return (await client.snapshot.count({ where: { tenant, hash } })) > 0
    },
    async saveSnapshot(tenant: string, rows: SnapshotRows) {
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
    async dropUnusedSnapshot(tenant: string, hash: string) {
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
    async listListings(tenant: string, hash: string) {
      return client.operation.findMany({
        where: { tenant, snapshot: hash },
        select: { name: true, listing: true },
        orderBy: { ordinal: 'asc' },
      })
    },
    async listNames(tenant: string, hash: string) {
      const rows = await client.operation.findMany({
        where: { tenant, snapshot: hash },
        select: { name: true },
        orderBy: { ordinal: 'asc' },
      })
      return rows.map(({ name }) => name)
    },
    async listTools(tenant: string, hash: string) {
      return client.operation.findMany({
        where: { tenant, snapshot: hash },
        select: { name: true, hash: true },
        orderBy: { ordinal: 'asc' },
      })
    },
    async listDetails(tenant: string, hash: string) {
      return client.operation.findMany({
        where: { tenant, snapshot: hash },
        select: { name: true, detail: true },
        orderBy: { ordinal: 'asc' },
      })
    },
    async findOperation(tenant: string, hash: string, name: string) {
      const row = await client.operation.findUnique({
        where: { tenant_snapshot_name: { tenant, snapshot: hash, name } },
      })
      return row && { ...row, refs: JSON.parse(row.refs) as OperationRow['refs'] }
    },
    async findDefinitions(tenant: string, hash: string, names: string[]) {
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
    async findIndexes(tenant: string, hashes: readonly string[]) {
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

function connectionSnapshots({ client, engine }: Database) {
  return {
    async findConnectionSnapshot(tenant: string, key: ConnectionKey) {
      const row = await client.connectionSnapshot.findUnique({
        where: { tenant_integration_owner_subject_connection: { tenant, ...key } },
      })
      return row && { ...row, updatedAt: Number(row.updatedAt) }
    },
    async listConnectionSnapshots(
      tenant: string,
      integrations: readonly string[],
      subject?: string,
    ) {
      const found: ConnectionSnapshotRow[] = []
      const seen = subject === undefined ? {} : { subject: { in: ['', subject] } }
      for (let start = 0; start < integrations.length; start += INTEGRATIONS_MAX) {
        const integration = { in: integrations.slice(start, start + INTEGRATIONS_MAX) }
        const where = { tenant, integration, ...seen }
        const rows = await client.connectionSnapshot.findMany({ where })
        for (const row of rows) found.push({ ...row, updatedAt: Number(row.updatedAt) })
      }
      return found
    },
    async setConnectionSnapshot(
      tenant: string,
      { integration, owner, subject, connection, ...found }: ConnectionSnapshotRow,
      settlement?: Settlement,
    ) {
      const key = { integration, owner, subject, connection }
      const data = { ...found, updatedAt: BigInt(found.updatedAt) }
      const before = await this.findConnectionSnapshot(tenant, key)
      const row = {
        where: { tenant_integration_owner_subject_connection: { tenant, ...key } },
        create: { tenant, ...key, ...data },
        update: data,
      }
      if (settlement) {
        await client.$transaction(async (transaction) => {
          await transaction.connectionSnapshot.upsert(row)
          await writeSettlement(transaction, engine, tenant, settlement)
        })
      } else await client.connectionSnapshot.upsert(row)
      // What is held decides what may be called, too.
      if (settlement || (before && before.snapshot !== found.snapshot)) await outlastLeases(engine)
    },
    async removeConnectionSnapshots(
      tenant: string,
      key: { integration: string } & Partial<ConnectionKey>,
    ) {
      const where = { tenant, ...key }
      const rows = await client.connectionSnapshot.findMany({ where })
      await client.connectionSnapshot.deleteMany({ where })
      return [...new Set(rows.map((row) => row.snapshot))]
    },
  }
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

interface RequiredColumns {
  kind: string
  name: string
  description: string
  config: string
  authMethods: string
  snapshot: string
  toolCount: number
  canRefresh: boolean
  revision: string
  updatedAt: bigint
}

function toColumns(change: Partial<IntegrationRow>) {
  const { slug: _, createdAt: __, config, authMethods, healthCheck, updatedAt, ...plain } = change
  return {
    ...plain,
    ...(config === undefined ? {} : { config: JSON.stringify(config) }),
    ...(authMethods === undefined ? {} : { authMethods: JSON.stringify(authMethods) }),
    ...(healthCheck === undefined
      ? {}
      : { healthCheck: healthCheck && JSON.stringify(healthCheck) }),
    ...(updatedAt === undefined ? {} : { updatedAt: BigInt(updatedAt) }),
  }
}

function fromRow(row: {
  slug: string
  kind: string
  name: string
  description: string
  config: string
  authMethods: string
  snapshot: string
  toolCount: number
  displayUrl: string | null
  canRefresh: boolean
  healthCheck: string | null
  revision: string
  createdAt: bigint
  updatedAt: bigint
  pastedText: string | null
}): IntegrationRow {
  return {
    slug: row.slug,
    kind: row.kind,
    name: row.name,
    description: row.description,
    config: JSON.parse(row.config) as unknown,
    authMethods: JSON.parse(row.authMethods) as AuthMethod[],
    snapshot: row.snapshot,
    toolCount: row.toolCount,
    displayUrl: row.displayUrl,
    canRefresh: row.canRefresh,
    healthCheck: row.healthCheck ? (JSON.parse(row.healthCheck) as HealthCheckSpec) : null,
    revision: row.revision,
    createdAt: Number(row.createdAt),
    updatedAt: Number(row.updatedAt),
    pastedText: row.pastedText,
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
