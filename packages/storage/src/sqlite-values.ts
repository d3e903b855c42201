import { type ArgType, type ColumnType, ColumnTypeEnum } from '@prisma/driver-adapter-utils'
import type { Column } from './sqlite-connection.ts'

const DECLARED: Record<string, ColumnType> = {
  DECIMAL: ColumnTypeEnum.Numeric,
  REAL: ColumnTypeEnum.Double,
  DOUBLE: ColumnTypeEnum.Double,
  INTEGER: ColumnTypeEnum.Int32,
  'INTEGER UNSIGNED': ColumnTypeEnum.Int32,
  BIGINT: ColumnTypeEnum.Int64,
  DATETIME: ColumnTypeEnum.DateTime,
  TEXT: ColumnTypeEnum.Text,
  BLOB: ColumnTypeEnum.Bytes,
  BOOLEAN: ColumnTypeEnum.Boolean,
  JSONB: ColumnTypeEnum.Json,
}

/** By declaration, and by the first value where an expression has none. */
export function toColumnTypes(
  columns: readonly Column[],
  rows: readonly unknown[][],
): ColumnType[] {
  return columns.map(({ type }, index) => {
    const declared = DECLARED[type.toUpperCase()]
    if (declared !== undefined) return declared
    const sample = rows.find((row) => row[index] !== null)?.[index]
    return sample === undefined ? ColumnTypeEnum.Int32 : typeOf(sample)
  })
}

function typeOf(value: unknown): ColumnType {
  if (typeof value === 'string') return ColumnTypeEnum.Text
  if (typeof value === 'bigint') return ColumnTypeEnum.Int64
  if (typeof value === 'number') return ColumnTypeEnum.Double
  return ColumnTypeEnum.Bytes
}

/** Integers arrive as `bigint`, so that none loses digits; Prisma takes large ones as text. */
export function toRow(row: unknown[], types: readonly ColumnType[]): unknown[] {
  for (let index = 0; index < row.length; index++) {
    const value = row[index]
    if (typeof value === 'bigint') row[index] = fromInteger(value, types[index])
    else if (typeof value === 'number' && types[index] === ColumnTypeEnum.DateTime) {
      row[index] = new Date(value).toISOString()
    }
  }
  return row
}

function fromInteger(value: bigint, type: ColumnType | undefined): string | number {
  if (type === ColumnTypeEnum.DateTime) return new Date(Number(value)).toISOString()
  return type === ColumnTypeEnum.Int64 ? value.toString() : Number(value)
}

export function fromParameter(value: unknown, type: ArgType | undefined): unknown {
  if (typeof value === 'boolean') return value ? 1 : 0
  if (value instanceof Date) return toTimestamp(value)
  if (typeof value !== 'string' || !type) return value
  if (type.scalarType === 'bigint') return BigInt(value)
  if (type.scalarType === 'decimal') return Number.parseFloat(value)
  if (type.scalarType === 'datetime') return toTimestamp(new Date(value))
  if (type.scalarType === 'bytes') return Buffer.from(value, 'base64')
  return value
}

/** As Prisma's own SQLite adapters store it. */
function toTimestamp(date: Date): string {
  return date.toISOString().replace('Z', '+00:00')
}
