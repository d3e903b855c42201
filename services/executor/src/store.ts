import type { InteractionStatus, RunKind, RunStatus, Via } from '@executor/contracts'
import { type EngineName, type OpenedDatabase, openDatabase } from '@executor/storage'
import { migrations } from '../prisma/client/migrations.ts'
import { PrismaClient as Postgres } from '../prisma/client/postgresql/client.ts'
import { PrismaClient as Sqlite } from '../prisma/client/sqlite/client.ts'
import { groupStatements } from './store/group-sql.ts'
import type { InteractionRow, JournalRecord, RunRow, ShownStepRow, StepRow } from './store/rows.ts'
import {
  fromInteraction,
  fromRun,
  fromStep,
  interactionValues,
  type RawRun,
  runValues,
  stepValues,
} from './store/translate.ts'

export interface RunFilter {
  status?: RunStatus | undefined
  kind?: RunKind | undefined
  address?: string | undefined
  /** Only this subject's runs; everyone's when absent. */
  subject?: string | undefined
  /** Runs created before this one, by time and then id. */
  before?: { createdAt: number; id: string } | undefined
  limit: number
}

export interface InteractionFilter {
  status?: InteractionStatus | undefined
  runId?: string | undefined
  subject?: string | undefined
  before?: { createdAt: number; id: string } | undefined
  limit: number
}

export interface AnswerRow {
  status: 'accepted' | 'declined' | 'cancelled' | 'expired'
  content: string | null
  answeredAt: number
  answeredBy: string | null
  answeredRoles: string | null
  answeredVia: Via | null
}

export interface Store {
  readonly engine: EngineName
  /** Writes a group of records; answers the runs that were still held by their writer. */
  writeGroup(records: JournalRecord[]): Promise<Set<string>>

  findRun(tenant: string, id: string): Promise<RunRow | null>
  listRuns(tenant: string, filter: RunFilter): Promise<RunRow[]>
  listSteps(runId: string): Promise<StepRow[]>
  /** Steps as they are shown: of what succeeded, how long its result is and not the result. */
  listShownSteps(runId: string): Promise<ShownStepRow[]>
  findStep(runId: string, position: number): Promise<StepRow | null>
  /**
   * Takes up a queued run, or one whose holder's heartbeat stopped. Null when somebody else holds it
   * or it is no longer to be run.
   */
  claimRun(id: string, holder: string): Promise<RunRow | null>
  /** A waiting run may go on: true for the one caller that woke it. */
  wakeRun(id: string): Promise<boolean>
  /** True for the one caller that ended it; `result` stands until its holder, if any, tells more. */
  cancelRun(id: string, at: number, result: string): Promise<boolean>

  findInteraction(tenant: string, id: string): Promise<InteractionRow | null>
  listInteractions(tenant: string, filter: InteractionFilter): Promise<InteractionRow[]>
  /**
   * Counts the answer, gives the grant that comes with it and wakes a run at rest, all or nothing: no
   * answer is kept without the run that waits for it. A grant counts for what waits already, and then
   * for what comes. Null for whoever comes too late.
   */
  answerInteraction(
    id: string,
    answer: AnswerRow,
    grant?: number,
  ): Promise<{ isWoken: boolean } | null>
  /** Open interactions whose time is over. */
  listExpired(now: number): Promise<InteractionRow[]>
  /** Closes what a run that ended still asked; `result` is what the calls that waited come to. */
  closeInteractions(runId: string, at: number, result: string): Promise<void>

  /** Where the call may pass without asking: takes one from the count, and tells whose rights it has. */
  takeGrant(runId: string, address: string): Promise<{ roles: string | null } | null>

  beat(holder: string): Promise<void>
  /** Holders that were not heard of for so many milliseconds. */
  listSilent(ms: number): Promise<string[]>
  /** Forgets a holder: what it held may be taken up at once. */
  forgetHolder(holder: string): Promise<void>
  /** For a store with one process: nobody else can be alive. */
  forgetAllHolders(): Promise<void>
  /** Runs at rest whose script has a timer that is due. */
  listDue(now: number): Promise<{ tenant: string; id: string }[]>
  /** Wakes a run at rest if it was answered something that it does not know of yet. */
  wakeAnswered(id: string): Promise<boolean>
  /** Runs at rest like that: their worker went away just as it put them there. */
  listAnswered(): Promise<{ tenant: string; id: string }[]>
  /** Runs that should be running and are not: queued ones, and those whose holder is gone. */
  listStranded(queuedBefore: number): Promise<{ tenant: string; id: string }[]>
  /** Deletes runs that settled before a time, with all that belongs to them; answers how many. */
  removeSettledBefore(time: number, limit: number): Promise<number>
  close(): Promise<void>
}

/** Milliseconds after which a holder that was not heard of counts as gone. */
export const HOLDER_GONE_MS = 8_000

/** Opens the executor's database, migrated. */
export async function openStore(url: string): Promise<Store> {
  const db = await openDatabase<Sqlite>({
    url,
    migrations,
    clients: { sqlite: Sqlite, postgresql: Postgres },
  })
  return {
    engine: db.engine,
    ...groups(db),
    ...runs(db),
    ...interactions(db),
    ...holders(db),
    close: db.close,
  }
}

type Database = OpenedDatabase<Sqlite>

/** What a step was given, by its length. */
interface GivenRow {
  position: number | bigint
  bytes: number | bigint | null
  failure: string | null
}

function groups({ transact, engine }: Database) {
  const statements = groupStatements(engine)
  return {
    async writeGroup(records: JournalRecord[]) {
      const [written = []] = await transact(
        statements({
          runs: records.map(({ run }) => runValues(run)),
          steps: records.flatMap(({ run, steps }) =>
            [...steps.values()].map((step) => stepValues(run, step)),
          ),
          interactions: records.flatMap(({ run, interactions }) =>
            [...interactions.values()].map((interaction) => interactionValues(run, interaction)),
          ),
        }),
      )
      return new Set(written.map(({ id }) => String(id)))
    },
  }
}

function runs({ client, engine }: Database) {
  const now =
    engine === 'sqlite'
      ? "CAST(unixepoch('subsec') * 1000 AS INTEGER)"
      : 'CAST(extract(epoch FROM clock_timestamp()) * 1000 AS bigint)'
  const live = `SELECT "id" FROM "Worker" WHERE "heartbeatAt" > ${now} - ${HOLDER_GONE_MS}`
  const claim =
    `UPDATE "Run" SET "holder" = $1, "attempt" = "attempt" + 1, "status" = 'running', "asking" = false, ` +
    `"startedAt" = COALESCE("startedAt", ${now}) WHERE "id" = $2 AND ("status" = 'queued' ` +
    `OR ("status" = 'running' AND "holder" NOT IN (${live}))) RETURNING *`
  const stranded =
    `SELECT "tenant", "id" FROM "Run" WHERE "settledAt" IS NULL AND (` +
    `("status" = 'queued' AND "createdAt" < $1) ` +
    `OR ("status" = 'running' AND "holder" NOT IN (${live}))) LIMIT 1000`
  const lengths =
    `SELECT "position", octet_length("result") AS "bytes", ` +
    `CASE WHEN "ok" = false THEN "result" END AS "failure" FROM "Step" WHERE "runId" = $1`
  return {
    async findRun(tenant: string, id: string) {
      const row = await client.run.findFirst({ where: { tenant, id } })
      return row && fromRun(row)
    },
    async listRuns(tenant: string, { before, limit, status, ...filter }: RunFilter) {
      const rows = await client.run.findMany({
        where: {
          tenant,
          ...defined(filter),
          ...(status && { AND: [whereShown(status)] }),
          ...(before && {
            OR: [
              { createdAt: { lt: BigInt(before.createdAt) } },
              { createdAt: BigInt(before.createdAt), id: { lt: before.id } },
            ],
          }),
        },
        // What lists do not show may be large.
        omit: { result: true, code: true, arguments: true },
        orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
        take: limit,
      })
      return rows.map((row) => fromRun({ ...row, result: null, code: null, arguments: null }))
    },
    async listSteps(runId: string) {
      const rows = await client.step.findMany({ where: { runId }, orderBy: { position: 'asc' } })
      return rows.map(fromStep)
    },
    async listShownSteps(runId: string) {
      const rows = await client.step.findMany({
        where: { runId },
        omit: { result: true },
        orderBy: { position: 'asc' },
      })
      const given = await client.$queryRawUnsafe<GivenRow[]>(lengths, runId)
      const byPosition = new Map(given.map((row) => [Number(row.position), row]))
      return rows.map((row) => {
        const { bytes = null, failure = null } = byPosition.get(row.position) ?? {}
        const { result: _, ...step } = fromStep({ ...row, result: null })
        return { ...step, resultBytes: bytes === null ? null : Number(bytes), failure }
      })
    },
    async findStep(runId: string, position: number) {
      const row = await client.step.findUnique({ where: { runId_position: { runId, position } } })
      return row && fromStep(row)
    },
    async claimRun(id: string, holder: string) {
      const [row] = await client.$queryRawUnsafe<RawRun[]>(claim, holder, id)
      return row ? fromRun(row) : null
    },
    async wakeRun(id: string) {
      const { count } = await client.run.updateMany(wake(id))
      return count > 0
    },
    async listAnswered() {
      return client.$queryRawUnsafe<{ tenant: string; id: string }[]>(`${ANSWERED} LIMIT 500`)
    },
    async wakeAnswered(id: string) {
      const answered = `${ANSWERED} AND "id" = $1`
      const found = await client.$queryRawUnsafe<unknown[]>(answered, id)
      if (found.length === 0) return false
      const { count } = await client.run.updateMany(wake(id))
      return count > 0
    },
    async cancelRun(id: string, at: number, result: string) {
      const { count } = await client.run.updateMany({
        where: { id, status: { in: ['queued', 'running', 'waiting'] } },
        data: {
          ...{ status: 'cancelled', isError: true, result },
          ...{ cancelledAt: BigInt(at), settledAt: BigInt(at) },
        },
      })
      return count > 0
    },
    async listStranded(queuedBefore: number) {
      return client.$queryRawUnsafe<{ tenant: string; id: string }[]>(stranded, queuedBefore)
    },
    async listDue(now: number) {
      return client.run.findMany({
        where: { settledAt: null, status: 'waiting', wakeAt: { lte: BigInt(now) } },
        select: { tenant: true, id: true },
        take: 500,
      })
    },
    async removeSettledBefore(time: number, limit: number) {
      const rows = await client.run.findMany({
        where: { settledAt: { lt: BigInt(time) } },
        select: { id: true },
        orderBy: { settledAt: 'asc' },
        take: limit,
      })
      const ids = rows.map((row) => row.id)
      if (ids.length === 0) return 0
      const ofRuns = { where: { runId: { in: ids } } }
      await client.$transaction([
        client.step.deleteMany(ofRuns),
        client.interaction.deleteMany(ofRuns),
        client.grant.deleteMany(ofRuns),
        client.run.deleteMany({ where: { id: { in: ids } } }),
      ])
      return ids.length
    },
  }
}

function interactions({ client }: Database) {
  return {
    async findInteraction(tenant: string, id: string) {
      const row = await client.interaction.findFirst({ where: { tenant, id } })
      return row && fromInteraction(row)
    },
    async listInteractions(tenant: string, { before, limit, ...filter }: InteractionFilter) {
      const rows = await client.interaction.findMany({
        where: {
          tenant,
          ...defined(filter),
          ...(before && {
            OR: [
              { createdAt: { lt: BigInt(before.createdAt) } },
              { createdAt: BigInt(before.createdAt), id: { lt: before.id } },
            ],
          }),
        },
        orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
        take: limit,
      })
      return rows.map(fromInteraction)
    },
    async answerInteraction(id: string, answer: AnswerRow, grant?: number) {
      const data = { ...answer, answeredAt: BigInt(answer.answeredAt) }
      // Time is over when it says so, not when somebody comes by to write it down.
      const inTime =
        answer.answeredBy === null
          ? {}
          : { OR: [{ expiresAt: null }, { expiresAt: { gt: data.answeredAt } }] }
      return client.$transaction(async (transaction) => {
        const { count } = await transaction.interaction.updateMany({
          where: { id, status: 'open', ...inTime },
          data,
        })
        if (count === 0) return null
        const { tenant, runId, address } = await transaction.interaction.findUniqueOrThrow({
          where: { id },
        })
        if (grant !== undefined) {
          const waiting = await transaction.interaction.findMany({
            where: { runId, address, kind: 'approval', status: 'open', ...inTime },
            orderBy: { position: 'asc' },
            take: grant,
            select: { id: true },
          })
          const ids = waiting.map((row) => row.id)
          await transaction.interaction.updateMany({ where: { id: { in: ids } }, data })
          const given = { remaining: grant - ids.length, roles: answer.answeredRoles }
          await transaction.grant.upsert({
            where: { runId_address: { runId, address } },
            create: { tenant, runId, address, ...given },
            update: given,
          })
        }
        const woken = await transaction.run.updateMany(wake(runId))
        return { isWoken: woken.count > 0 }
      })
    },
    async listExpired(now: number) {
      const rows = await client.interaction.findMany({
        where: { status: 'open', expiresAt: { lt: BigInt(now) } },
        take: 500,
      })
      return rows.map(fromInteraction)
    },
    async closeInteractions(runId: string, at: number, result: string) {
      const settled = { status: 'settled', ok: false, result, settledAt: BigInt(at) }
      await client.$transaction([
        client.interaction.updateMany({
          where: { runId, status: 'open' },
          data: { status: 'cancelled', answeredAt: BigInt(at) },
        }),
        client.step.updateMany({ where: { runId, status: 'waiting' }, data: settled }),
      ])
    },
    async takeGrant(runId: string, address: string) {
      const [taken] = await client.grant.updateManyAndReturn({
        where: { runId, address, remaining: { gt: 0 } },
        data: { remaining: { decrement: 1 } },
        select: { roles: true },
      })
      return taken ?? null
    },
  }
}

function holders({ client, engine }: Database) {
  const now =
    engine === 'sqlite'
      ? "CAST(unixepoch('subsec') * 1000 AS INTEGER)"
      : 'CAST(extract(epoch FROM clock_timestamp()) * 1000 AS bigint)'
  // The database's clock is the one clock that every worker shares.
  const beat =
    `INSERT INTO "Worker" ("id", "heartbeatAt") VALUES ($1, ${now}) ` +
    `ON CONFLICT ("id") DO UPDATE SET "heartbeatAt" = ${now}`
  const silent = `SELECT "id" FROM "Worker" WHERE "heartbeatAt" <= ${now} - CAST($1 AS bigint)`
  return {
    async beat(holder: string) {
      await client.$executeRawUnsafe(beat, holder)
    },
    async listSilent(ms: number) {
      const rows = await client.$queryRawUnsafe<{ id: string }[]>(silent, ms)
      return rows.map(({ id }) => id)
    },
    async forgetHolder(holder: string) {
      await client.worker.deleteMany({ where: { id: holder } })
    },
    async forgetAllHolders() {
      await client.worker.deleteMany({})
    },
  }
}

/** A run at rest, to be taken up again. */
function wake(id: string) {
  return { where: { id, status: 'waiting' }, data: { status: 'queued', holder: null } }
}

const OF_RUN = `FROM "Interaction" AS i WHERE i."runId" = "Run"."id" AND i."status"`
/**
 * Runs at rest that nobody is asked anything for any more, or with a call that still counts as waiting
 * for an answer that is there.
 */
const ANSWERED =
  `SELECT "tenant", "id" FROM "Run" WHERE "settledAt" IS NULL AND "status" = 'waiting' AND (` +
  `NOT EXISTS (SELECT 1 ${OF_RUN} = 'open') OR EXISTS (SELECT 1 ${OF_RUN} <> 'open' AND EXISTS (` +
  `SELECT 1 FROM "Step" AS s WHERE s."runId" = "Run"."id" AND s."position" = i."position" ` +
  `AND s."status" = 'waiting')))`

/** Runs that are shown with a status: one that asks in the middle of a call is shown as waiting. */
function whereShown(status: RunStatus) {
  if (status === 'running') return { status, asking: false }
  if (status !== 'waiting') return { status }
  // Few are not settled, and the rest need not be looked at.
  return { settledAt: null, OR: [{ status }, { status: 'running', asking: true }] }
}

/** Prisma reads an absent key and `undefined` alike, the compiler does not. */
function defined<T extends object>(filter: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>
  }
}
