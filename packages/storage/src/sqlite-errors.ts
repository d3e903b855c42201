import { DriverAdapterError, type MappedError } from '@prisma/driver-adapter-utils'
import Database from 'libsql'

const SQLITE_BUSY = 5
const SQLITE_CONSTRAINT_NOTNULL = 1299
const SQLITE_CONSTRAINT_UNIQUE = [2067, 1555]
const SQLITE_CONSTRAINT_FOREIGN_KEY = [787, 1811]

/** What libSQL throws, in the terms from which Prisma makes its own errors (P2002 and the like). */
export function toDriverError(error: unknown): unknown {
  if (!(error instanceof Database.SqliteError)) return error
  const code = error.rawCode ?? 1
  return new DriverAdapterError({
    originalCode: String(code),
    originalMessage: error.message,
    ...toMappedError(code, error.message),
  })
}

function toMappedError(code: number, message: string): MappedError {
  if (SQLITE_CONSTRAINT_UNIQUE.includes(code)) {
    return { kind: 'UniqueConstraintViolation', constraint: { fields: fieldsIn(message) } }
  }
  if (code === SQLITE_CONSTRAINT_NOTNULL) {
    return { kind: 'NullConstraintViolation', constraint: { fields: fieldsIn(message) } }
  }
  if (SQLITE_CONSTRAINT_FOREIGN_KEY.includes(code)) {
    return { kind: 'ForeignKeyConstraintViolation', constraint: { foreignKey: {} } }
  }
  if (toPrimary(code) === SQLITE_BUSY) return { kind: 'SocketTimeout' }
  if (message.startsWith('no such table: ')) {
    return { kind: 'TableDoesNotExist', table: message.slice('no such table: '.length) }
  }
  return { kind: 'sqlite', extendedCode: code, message }
}

/** Whether another connection holds the file. */
export function isBusy(error: unknown): boolean {
  return error instanceof Database.SqliteError && toPrimary(error.rawCode ?? 0) === SQLITE_BUSY
}

/** Extended codes carry the primary one in their low byte. */
const toPrimary = (code: number) => code & 0xff

/** `UNIQUE constraint failed: Rule.tenant, Rule.id` → `tenant`, `id`. */
function fieldsIn(message: string): string[] {
  const list = message.split('constraint failed: ').at(1) ?? ''
  return list.split(', ').map((field) => field.split('.').at(-1) ?? field)
}
