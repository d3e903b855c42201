import { ServiceError } from '@executor/contracts'

/** Prisma: cannot reach, timed out, connection closed, pool or transaction not obtained in time. */
const DOWN_CODES = new Set(['P1001', 'P1002', 'P1008', 'P1017', 'P2024', 'P2028', 'P2037'])
/** What the driver adapter saw, where Prisma's code is as general as "raw query failed". */
const DOWN_KINDS = new Set([
  'DatabaseNotReachable',
  'ConnectionClosed',
  'SocketTimeout',
  'TooManyConnections',
])
/** PostgreSQL: connection exceptions, insufficient resources, shutting down, starting up. */
const DOWN_STATES = /^(08|53|57P)/
/** What the operating system says of a connection. */
const DOWN_ERRNOS = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EPIPE',
  'ETIMEDOUT',
])
/** The pg driver's own failures carry no code. */
const DOWN_MESSAGES =
  /connection terminated|timeout exceeded when trying to connect|query read timeout|not queryable|client has encountered a connection error/i

/** Whether a row with the same key exists already. */
export function isUniqueViolation(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'P2002'
}

/** A database that is down or overloaded becomes `unavailable`; anything else stays what it is. */
export function toStorageFailure(error: unknown): unknown {
  if (error instanceof ServiceError || !(error instanceof Error) || !isDown(error)) return error
  return new ServiceError(
    'unavailable',
    'storage.database_unavailable',
    'The database does not answer. Try again in a moment.',
    { cause: error },
  )
}

function isDown(error: Error & { code?: unknown; meta?: unknown }): boolean {
  if (typeof error.code === 'string' && isDownCode(error.code)) return true
  const { kind, state } = readDriverCause(error.meta)
  if (DOWN_KINDS.has(kind) || DOWN_STATES.test(state)) return true
  return error.code === undefined && DOWN_MESSAGES.test(error.message)
}

function isDownCode(code: string): boolean {
  return DOWN_CODES.has(code) || DOWN_ERRNOS.has(code) || DOWN_STATES.test(code)
}

function readDriverCause(meta: unknown): { kind: string; state: string } {
  const driverError = property(meta, 'driverAdapterError')
  const cause = property(driverError, 'cause')
  return {
    kind: String(property(cause, 'kind') ?? ''),
    state: String(property(cause, 'originalCode') ?? property(cause, 'code') ?? ''),
  }
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}

/** The same client, whose failures are told apart as `toStorageFailure` does. */
export function withStorageFailures<C extends { $extends: unknown }>(client: C): C {
  const { $extends } = client as { $extends: (extension: unknown) => unknown }
  const translated = $extends.call(client, {
    query: {
      $allOperations: async (operation: Operation) => {
        try {
          return await operation.query(operation.args)
        } catch (error) {
          throw toStorageFailure(error)
        }
      },
    },
  }) as C & object
  // Beginning a transaction is no operation, and fails before the first one.
  return new Proxy(translated, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name)
      if (name !== '$transaction' || typeof value !== 'function') return value
      return async (...input: unknown[]) => {
        try {
          return await value.apply(target, input)
        } catch (error) {
          throw toStorageFailure(error)
        }
      }
    },
  })
}

interface Operation {
  args: unknown
  query(args: unknown): Promise<unknown>
}
