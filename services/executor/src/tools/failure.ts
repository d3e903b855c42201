import {
  assertNever,
  type ErrorCode,
  isServiceError,
  type ServiceError,
  type ToolError,
} from '@executor/contracts'

/**
 * What an agent is told when one of our services refuses: the same message, as data. Anything that
 * is not an expected failure is rethrown.
 */
export function toToolError(error: unknown): ToolError {
  if (!isServiceError(error)) throw error
  return {
    code: agentCode(error),
    message: error.message,
    ...(error.details === undefined ? {} : { details: error.details }),
    ...(isRetryable(error.code) ? { retryable: true } : {}),
  }
}

/** Reasons that agents know by another name (reference, error codes seen by agents). */
const AGENT_CODES: Record<string, string> = {
  tool_unknown: 'tool_not_found',
  integration_unknown: 'tool_not_found',
  connection_unknown: 'tool_not_found',
}

function agentCode({ reason }: ServiceError): string {
  const code = AGENT_CODES[reason] ?? reason
  return code.slice(code.lastIndexOf('.') + 1)
}

function isRetryable(code: ErrorCode): boolean {
  switch (code) {
    case 'unavailable':
    case 'deadline_exceeded':
    case 'resource_exhausted':
      return true
    case 'invalid_argument':
    case 'unauthenticated':
    case 'permission_denied':
    case 'not_found':
    case 'already_exists':
    case 'failed_precondition':
    case 'cancelled':
    case 'internal':
      return false
    default:
      return assertNever(code)
  }
}
