import { type OpenedDatabase, outlastLeases } from '@executor/storage'
import type { PrismaClient } from '../../prisma/client/sqlite/client.ts'
import { type Settlement, writeSettlement } from './reviews.ts'

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

export interface ConnectionSnapshotRows {
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
}

/** Integrations whose accounts are read by one statement. */
const INTEGRATIONS_MAX = 200

export function connectionSnapshots({
  client,
  engine,
}: OpenedDatabase<PrismaClient>): ConnectionSnapshotRows {
  return {
    async findConnectionSnapshot(tenant, key) {
      const row = await client.connectionSnapshot.findUnique({
        where: { tenant_integration_owner_subject_connection: { tenant, ...key } },
      })
      return row && { ...row, updatedAt: Number(row.updatedAt) }
    },
    async listConnectionSnapshots(tenant, integrations, subject) {
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
    async setConnectionSnapshot(tenant, row, settlement) {
      const { integration, owner, subject, connection, ...found } = row
      const key = { integration, owner, subject, connection }
      const data = { ...found, updatedAt: BigInt(found.updatedAt) }
      const before = await this.findConnectionSnapshot(tenant, key)
      const upsert = {
        where: { tenant_integration_owner_subject_connection: { tenant, ...key } },
        create: { tenant, ...key, ...data },
        update: data,
      }
      if (settlement) {
        await client.$transaction(async (transaction) => {
          await transaction.connectionSnapshot.upsert(upsert)
          await writeSettlement(transaction, engine, tenant, settlement)
        })
      } else await client.connectionSnapshot.upsert(upsert)
      // What is held decides what may be called, too.
      if (settlement || (before && before.snapshot !== found.snapshot)) await outlastLeases(engine)
    },
    async removeConnectionSnapshots(tenant, key) {
      const where = { tenant, ...key }
      const rows = await client.connectionSnapshot.findMany({ where })
      await client.connectionSnapshot.deleteMany({ where })
      return [...new Set(rows.map((row) => row.snapshot))]
    },
  }
}
