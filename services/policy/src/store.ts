import type { Owner, Rule, RuleAction } from '@executor/contracts'
import { coalesce, type OpenedDatabase, openDatabase, outlastLeases } from '@executor/storage'
import { migrations } from '../prisma/client/migrations.ts'
import { PrismaClient as Postgres } from '../prisma/client/postgresql/client.ts'
import { type Rule as RuleRow, PrismaClient as Sqlite } from '../prisma/client/sqlite/client.ts'
import type { Partition } from './partition.ts'
import { inOrder } from './placement.ts'
import { createRulesInForce, type RulesInForce } from './rules-in-force.ts'

/** Within a change: sees the rules as they are, and nobody else changes the tenant's meanwhile. */
export interface RuleChanges {
  /** In position order. */
  listRules(partition: Partition): Promise<Rule[]>
  insertRule(partition: Partition, rule: Rule): Promise<void>
  updateRule(partition: Partition, rule: Rule): Promise<void>
  /** Of any owner, or of the owners that are named; answers how many there were. */
  removeRules(filter: RuleFilter): Promise<number>
}

export interface RuleFilter {
  owners?: readonly Owner[]
  /** Every account's personal rules where it is absent. */
  subject?: string
  matches: (rule: Rule) => boolean
}

export interface Store {
  /** Every change that was answered before this call is in it. */
  rulesFor(tenant: string, subject: string): Promise<RulesInForce>
  change<T>(tenant: string, task: (changes: RuleChanges) => Promise<T>): Promise<T>
  close(): Promise<void>
}

type Database = OpenedDatabase<Sqlite>
type Transaction = Pick<Sqlite, 'rule' | 'ruleVersion'>

/**
 * A SQLite file belongs to one process, which counts its own changes. PostgreSQL is shared: there
 * each decision asks for the tenant's version, which is one small read.
 */
export async function openStore(url: string): Promise<Store> {
  const database = await openDatabase({
    url,
    migrations,
    clients: { sqlite: Sqlite, postgresql: Postgres },
  })
  const changed = new Map<string, number>()
  const readVersion =
    database.engine === 'sqlite'
      ? (tenant: string) => changed.get(tenant) ?? 0
      : coalesce((tenant) => readStoredVersion(database, tenant))
  return {
    rulesFor: createRulesInForce({
      readVersion,
      readOrgRules: (tenant) => listRules(database.client, { tenant, owner: 'org', subject: '' }),
      readUserRules: (tenant, subject) =>
        listRules(database.client, { tenant, owner: 'user', subject }),
    }),
    change: async (tenant, task) => {
      const result = await database.client.$transaction(async (transaction) => {
        await takeTurn(transaction, tenant)
        return task(createChanges(transaction, tenant))
      })
      changed.set(tenant, (changed.get(tenant) ?? 0) + 1)
      await outlastLeases(database.engine)
      return result
    },
    close: database.close,
  }
}

async function readStoredVersion({ client }: Database, tenant: string): Promise<bigint> {
  const rows = await client.$queryRaw<{ version: bigint }[]>`
    SELECT "version" FROM "RuleVersion" WHERE "tenant" = ${tenant}`
  return rows[0]?.version ?? 0n
}

/** The first writer's row lock makes the others wait for its commit. */
async function takeTurn(transaction: Transaction, tenant: string): Promise<void> {
  await transaction.ruleVersion.upsert({
    where: { tenant },
    create: { tenant, version: 1n },
    update: { version: { increment: 1n } },
  })
}

async function listRules({ rule }: Pick<Sqlite, 'rule'>, partition: Partition): Promise<Rule[]> {
  return inOrder((await rule.findMany({ where: partition })).map(toRule))
}

function createChanges(transaction: Transaction, tenant: string): RuleChanges {
  return {
    listRules: (partition) => listRules(transaction, partition),
    insertRule: async (partition, rule) => {
      await transaction.rule.create({ data: { ...partition, ...toColumns(rule) } })
    },
    updateRule: async (partition, rule) => {
      const where = { tenant_id: { tenant, id: rule.id }, ...partition }
      await transaction.rule.update({ where, data: toColumns(rule) })
    },
    removeRules: async ({ owners, subject, matches }) => {
      const rows = await transaction.rule.findMany({
        where: {
          tenant,
          ...(owners && { owner: { in: [...owners] } }),
          ...(subject !== undefined && { subject }),
        },
      })
      const ids = rows.filter((row) => matches(toRule(row))).map((row) => row.id)
      const { count } = await transaction.rule.deleteMany({ where: { tenant, id: { in: ids } } })
      return count
    },
  }
}

function toRule(row: RuleRow): Rule {
  return {
    id: row.id,
    owner: row.owner as Owner,
    pattern: row.pattern,
    action: row.action as RuleAction,
    position: row.position,
    createdAt: Number(row.createdAt),
    updatedAt: Number(row.updatedAt),
  }
}

function toColumns({ createdAt, updatedAt, ...rest }: Rule) {
  return { ...rest, createdAt: BigInt(createdAt), updatedAt: BigInt(updatedAt) }
}
