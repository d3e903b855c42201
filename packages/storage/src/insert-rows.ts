import { invariant } from '@executor/contracts'
import type { EngineName } from './migrations.ts'
import type { Statement } from './transact.ts'

export type ColumnKind = 'text' | 'integer' | 'bigint' | 'double' | 'boolean' | 'bytes'
type ColumnValue = string | number | bigint | boolean | Uint8Array | null

export interface InsertOptions {
  /**
   * What to do with a row that exists: leave it, or set some columns to the values brought. Within
   * one call no row may be brought twice when columns are set: PostgreSQL refuses that.
   */
  onConflict?: 'ignore' | { columns: readonly string[]; update: readonly string[] }
}

/** `OpenedDatabase`, or the client of a transaction with its engine. */
export interface RawDatabase {
  engine: EngineName
  client: { $executeRawUnsafe(sql: string, ...values: unknown[]): Promise<number> }
}

/**
 * Inserts many rows by one statement with one JSON parameter, for writers that group: the statement
 * text does not depend on how many rows there are, so that it is prepared once, and no bound on
 * parameters splits it. All or nothing. Answers how many rows were written.
 */
export async function insertRows<K extends string>(
  { client, engine }: RawDatabase,
  table: string,
  columns: Readonly<Record<K, ColumnKind>>,
  rows: readonly Record<NoInfer<K>, ColumnValue>[],
  options: InsertOptions = {},
): Promise<number> {
  if (!rows.length) return 0
  const { sql, parameters } = toInsert(engine, table, columns, rows, options)
  return client.$executeRawUnsafe(sql, ...parameters)
}

/** The statement that `insertRows` runs, for `transact`. */
export function toInsert<K extends string>(
  engine: EngineName,
  table: string,
  columns: Readonly<Record<K, ColumnKind>>,
  rows: readonly Record<NoInfer<K>, ColumnValue>[],
  options: InsertOptions = {},
): Statement {
  const entries = Object.entries(columns) as [K, ColumnKind][]
  const values = rows.map((row) => entries.map(([name]) => toJson(row[name])))
  return {
    sql: toStatement(engine, table, entries, options),
    parameters: [JSON.stringify(values)],
  }
}

/** JSON has no bytes, and its numbers lose digits past 2^53. */
function toJson(value: ColumnValue): string | number | boolean | null {
  if (typeof value === 'bigint') return value.toString()
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex')
  return value
}

function toStatement(
  engine: EngineName,
  table: string,
  columns: readonly [string, ColumnKind][],
  { onConflict }: InsertOptions,
): string {
  const toExpression = engine === 'sqlite' ? toSqliteExpression : toPostgresExpression
  const names = columns.map(([name]) => quote(name)).join(', ')
  const expressions = columns.map(([, kind], index) => toExpression(kind, index)).join(', ')
  const source = engine === 'sqlite' ? 'json_each(?)' : 'jsonb_array_elements($1::jsonb) AS value'
  // Without WHERE, SQLite reads ON CONFLICT as the condition of a join.
  const insert = `INSERT INTO ${quote(table)} (${names}) SELECT ${expressions} FROM ${source} WHERE true`
  if (!onConflict) return insert
  if (onConflict === 'ignore') return `${insert} ON CONFLICT DO NOTHING`
  const target = onConflict.columns.map(quote).join(', ')
  const updates = onConflict.update.map((name) => `${quote(name)} = excluded.${quote(name)}`)
  return `${insert} ON CONFLICT (${target}) DO UPDATE SET ${updates.join(', ')}`
}

function toSqliteExpression(kind: ColumnKind, index: number): string {
  const value = `value ->> ${index}`
  if (kind === 'bytes') return `unhex(${value})`
  return kind === 'bigint' ? `CAST(${value} AS INTEGER)` : value
}

const POSTGRES_TYPE = { integer: 'int', bigint: 'bigint', double: 'float8', boolean: 'boolean' }

function toPostgresExpression(kind: ColumnKind, index: number): string {
  const value = `value ->> ${index}`
  if (kind === 'text') return value
  return kind === 'bytes' ? `decode(${value}, 'hex')` : `(${value})::${POSTGRES_TYPE[kind]}`
}

function quote(name: string): string {
  invariant(/^\w+$/.test(name), 'table and column names are constants of ours')
  return `"${name}"`
}
