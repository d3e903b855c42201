/** The closed list of what can go wrong between two of our processes; gRPC's names. */
export const ERROR_CODES = [
  'invalid_argument',
  'unauthenticated',
  'permission_denied',
  'not_found',
  'already_exists',
  'failed_precondition',
  'resource_exhausted',
  'deadline_exceeded',
  'cancelled',
  'unavailable',
  'internal',
] as const
export type ErrorCode = (typeof ERROR_CODES)[number]

/**
 * An expected failure. `code` is for machines that retry, `reason` for machines that care which one
 * (`connections.token_expired`), `message` for the person who must act: what happened, to what, and
 * what to do. Nothing internal and no secret belongs in any of them; `cause` never crosses a process.
 */
export class ServiceError extends Error {
  override readonly name = 'ServiceError'
  readonly code: ErrorCode
  readonly reason: string
  readonly details: Record<string, unknown> | undefined

  constructor(
    code: ErrorCode,
    reason: string,
    message: string,
    options: { details?: Record<string, unknown>; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.reason = reason
    this.details = options.details
  }
}

/** Narrow an unknown throwable to a failure, optionally of one reason. */
export function isServiceError(error: unknown, reason?: string): error is ServiceError {
  return error instanceof ServiceError && (reason === undefined || error.reason === reason)
}

/** A bug if false: throws an error whose message never leaves the process. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new InvariantError(message)
}

/** The compiler proves that this is never reached. */
export function assertNever(value: never): never {
  throw new InvariantError(`unexpected value ${String(value)}`)
}

class InvariantError extends Error {
  override readonly name = 'InvariantError'
}
