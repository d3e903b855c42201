import type { SourceDiff } from '@executor/contracts'
import { insertRows, type OpenedDatabase } from '@executor/storage'
import type { PrismaClient } from '../../prisma/client/sqlite/client.ts'

/** What an integration describes (then owner, subject and connection are empty), or one account's own. */
export interface SourceKey {
  integration: string
  owner: string
  subject: string
  connection: string
}

export interface OfferRow extends SourceKey {
  snapshot: string
}

/** An operation of an offer that is not in force. */
export interface HeldRow {
  name: string
  change: 'added' | 'changed'
  hash: string
  status: 'waiting' | 'rejected'
  heldAt: number
  decidedAt: number | null
  decidedBy: string | null
}

export interface ChangeRow {
  id: string
  at: number
  cause: 'hand' | 'schedule' | 'upstream' | 'approved' | 'rejected' | 'review'
  by: string
  diff: SourceDiff
  held: string[]
}

/** What is written down together with the snapshot that comes into force. */
export interface Settlement {
  key: SourceKey
  /** What the source says, where a part of it is held back. */
  offer: string | null
  held: HeldRow[]
  change: ChangeRow | null
}

export interface ChangeFilter {
  /** Whose own accounts are shown beside everybody's. */
  subject: string
  /** Changes before this one. */
  before?: string | undefined
  limit: number
}

export interface Reviews {
  findOffer(tenant: string, key: SourceKey): Promise<string | null>
  listOffers(tenant: string, integration: string): Promise<OfferRow[]>
  listHeld(tenant: string, key: SourceKey): Promise<HeldRow[]>
  /** Operations that are in force as they were, while the source says something else of them. */
  listPinned(tenant: string, key: SourceKey): Promise<Pick<HeldRow, 'name' | 'status'>[]>
  /** How many operations wait, by integration, as far as the subject sees. */
  countWaiting(tenant: string, subject: string): Promise<Map<string, number>>
  /** An operation that is not in a snapshot because it is held back from it. */
  findHeldBack(tenant: string, snapshot: string, name: string): Promise<HeldRow | null>
  /** The last first. */
  listChanges(
    tenant: string,
    integration: string,
    filter: ChangeFilter,
  ): Promise<(ChangeRow & SourceKey)[]>
  /** Forgets what an integration or an account left here; answers the snapshots that were offered. */
  removeReviews(
    tenant: string,
    key: Pick<SourceKey, 'integration'> & Partial<SourceKey>,
  ): Promise<string[]>
}

/** Changes kept of each integration; the oldest go. */
const CHANGES_MAX = 200
/** Rows looked at to find a held operation by its name. */
const SAME_NAME_MAX = 200

export const INTEGRATION_ITSELF = { owner: '', subject: '', connection: '' } as const

export function reviews({ client }: OpenedDatabase<PrismaClient>): Reviews {
  return {
    async findOffer(tenant, key) {
      const where = { tenant_integration_owner_subject_connection: { tenant, ...only(key) } }
      return (await client.offer.findUnique({ where }))?.snapshot ?? null
    },
    listOffers: (tenant, integration) =>
      client.offer.findMany({
        where: { tenant, integration },
        orderBy: [{ owner: 'asc' }, { subject: 'asc' }, { connection: 'asc' }],
      }),
    async listHeld(tenant, key) {
      const where = { tenant, ...only(key) }
      const rows = await client.heldOperation.findMany({ where, orderBy: { name: 'asc' } })
      return rows.map(toHeld)
    },
    async listPinned(tenant, key) {
      const rows = await client.heldOperation.findMany({
        where: { tenant, ...only(key), change: 'changed' },
        select: { name: true, status: true },
      })
      return rows.map(({ name, status }) => ({ name, status: status as HeldRow['status'] }))
    },
    async countWaiting(tenant, subject) {
      const rows = await client.heldOperation.groupBy({
        by: ['integration'],
        where: { tenant, status: 'waiting', subject: { in: ['', subject] } },
        _count: true,
      })
      return new Map(rows.map((row) => [row.integration, row._count]))
    },
    async findHeldBack(tenant, snapshot, name) {
      const rows = await client.heldOperation.findMany({
        where: { tenant, name, change: 'added' },
        take: SAME_NAME_MAX,
      })
      for (const row of rows) {
        const { integration, owner, subject, connection } = row
        const inForce =
          connection === ''
            ? await client.integration.count({ where: { tenant, slug: integration, snapshot } })
            : await client.connectionSnapshot.count({
                where: { tenant, integration, owner, subject, connection, snapshot },
              })
        if (inForce > 0) return toHeld(row)
      }
      return null
    },
    async listChanges(tenant, integration, { subject, before, limit }) {
      const rows = await client.sourceChange.findMany({
        where: {
          tenant,
          integration,
          subject: { in: ['', subject] },
          ...(before === undefined ? {} : { id: { lt: before } }),
        },
        orderBy: { id: 'desc' },
        take: limit,
      })
      return rows.map((row) => ({
        ...row,
        at: Number(row.at),
        cause: row.cause as ChangeRow['cause'],
        diff: JSON.parse(row.diff) as SourceDiff,
        held: JSON.parse(row.held) as string[],
      }))
    },
    async removeReviews(tenant, key) {
      const where = { tenant, ...key }
      const offers = await client.offer.findMany({ where })
      await client.offer.deleteMany({ where })
      await client.heldOperation.deleteMany({ where })
      await client.sourceChange.deleteMany({ where })
      return [...new Set(offers.map(({ snapshot }) => snapshot))]
    },
  }
}

type Transaction = Pick<
  PrismaClient,
  'offer' | 'heldOperation' | 'sourceChange' | '$executeRawUnsafe'
>

/** Within the transaction that brings the snapshot into force. */
export async function writeSettlement(
  client: Transaction,
  engine: OpenedDatabase<PrismaClient>['engine'],
  tenant: string,
  { key, offer, held, change }: Settlement,
): Promise<void> {
  const where = { tenant, ...only(key) }
  await client.heldOperation.deleteMany({ where })
  await client.offer.deleteMany({ where })
  if (offer !== null) await client.offer.create({ data: { ...where, snapshot: offer } })
  await insertRows(
    { client, engine },
    'HeldOperation',
    HELD_COLUMNS,
    held.map((row) => ({
      ...where,
      ...row,
      heldAt: BigInt(row.heldAt),
      decidedAt: row.decidedAt === null ? null : BigInt(row.decidedAt),
    })),
  )
  if (!change) return
  const { at, diff, held: names, ...plain } = change
  const texts = { diff: JSON.stringify(diff), held: JSON.stringify(names) }
  await client.sourceChange.create({ data: { ...where, ...plain, at: BigInt(at), ...texts } })
  const ofIntegration = { tenant, integration: key.integration }
  const [oldest] = await client.sourceChange.findMany({
    where: ofIntegration,
    orderBy: { id: 'desc' },
    select: { id: true },
    skip: CHANGES_MAX,
    take: 1,
  })
  if (!oldest) return
  await client.sourceChange.deleteMany({ where: { ...ofIntegration, id: { lte: oldest.id } } })
}

const HELD_COLUMNS = {
  tenant: 'text',
  integration: 'text',
  owner: 'text',
  subject: 'text',
  connection: 'text',
  name: 'text',
  change: 'text',
  hash: 'text',
  status: 'text',
  heldAt: 'bigint',
  decidedAt: 'bigint',
  decidedBy: 'text',
} as const

function only({ integration, owner, subject, connection }: SourceKey): SourceKey {
  return { integration, owner, subject, connection }
}

function toHeld(row: {
  name: string
  change: string
  hash: string
  status: string
  heldAt: bigint
  decidedAt: bigint | null
  decidedBy: string | null
}): HeldRow {
  const { name, hash, decidedBy } = row
  return {
    name,
    hash,
    decidedBy,
    change: row.change as HeldRow['change'],
    status: row.status as HeldRow['status'],
    heldAt: Number(row.heldAt),
    decidedAt: row.decidedAt === null ? null : Number(row.decidedAt),
  }
}
