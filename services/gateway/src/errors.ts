import { assertNever, type ErrorCode, isServiceError, ServiceError } from '@executor/contracts'

/** How every error looks to a client: `_tag` says which one, the rest is for who must act. */
export interface ErrorBody {
  _tag: string
  message: string
  [field: string]: unknown
}

export interface HttpError {
  status: number
  body: ErrorBody
}

/** The name and the fields by which clients of a route know an error. */
export interface ErrorTag {
  tag: string
  /** Where clients of the route know another than its code's. */
  status?: number
  fields?: Record<string, unknown>
}

/** The one table from our codes to HTTP; routes may have their own names for an error. */
function toHttpStatus(code: ErrorCode): { status: number; tag: string } {
  switch (code) {
    case 'invalid_argument':
      return { status: 400, tag: 'InvalidRequestError' }
    case 'unauthenticated':
      return { status: 401, tag: 'UnauthenticatedError' }
    case 'permission_denied':
      return { status: 403, tag: 'PermissionDeniedError' }
    case 'not_found':
      return { status: 404, tag: 'NotFoundError' }
    case 'already_exists':
      return { status: 409, tag: 'AlreadyExistsError' }
    case 'failed_precondition':
      return { status: 409, tag: 'FailedPreconditionError' }
    case 'resource_exhausted':
      return { status: 429, tag: 'RateLimitedError' }
    case 'deadline_exceeded':
      return { status: 504, tag: 'DeadlineExceededError' }
    case 'cancelled':
      return { status: 499, tag: 'CancelledError' }
    case 'unavailable':
      return { status: 503, tag: 'UnavailableError' }
    case 'internal':
      return { status: 500, tag: 'InternalError' }
    default:
      return assertNever(code)
  }
}

/** The table's other half: JSON-RPC codes, as the MCP endpoint has always answered them. */
export function toRpcCode(code: ErrorCode): number {
  switch (code) {
    case 'invalid_argument':
      return -32602
    case 'unauthenticated':
    case 'not_found':
      return -32001
    case 'permission_denied':
      return -32003
    case 'unavailable':
      return -32001
    case 'already_exists':
    case 'failed_precondition':
    case 'resource_exhausted':
    case 'deadline_exceeded':
    case 'cancelled':
      return -32000
    case 'internal':
      return -32603
    default:
      return assertNever(code)
  }
}

/** Errors of the web framework carry a status; nothing else of theirs is shown. */
interface StatusError {
  statusCode: number
}

/**
 * Anything thrown becomes a failure that may be shown. What is not a `ServiceError` is a bug, whose
 * message stays here.
 */
export function toServiceError(error: unknown): ServiceError {
  if (isServiceError(error)) return error
  if (hasStatus(error)) return fromStatus(error.statusCode, error)
  return new ServiceError('internal', 'internal', 'Something went wrong on our side.', {
    cause: error,
  })
}

/** Reasons that mean the same on every route, and say more than their code. */
const BY_REASON: Record<string, { status: number; tag: string } | undefined> = {
  agent_not_allowed: { status: 403, tag: 'AgentNotAllowedError' },
  org_write_denied: { status: 403, tag: 'OrgWriteDeniedError' },
  host_not_allowed: { status: 403, tag: 'HostNotAllowedError' },
  origin_not_allowed: { status: 403, tag: 'OriginNotAllowedError' },
  payload_too_large: { status: 413, tag: 'PayloadTooLargeError' },
  reply_too_large: { status: 413, tag: 'PayloadTooLargeError' },
  // A source that we were asked to read, not a limit on who asks.
  egress_too_large: { status: 413, tag: 'PayloadTooLargeError' },
  media_type_unsupported: { status: 415, tag: 'UnsupportedMediaTypeError' },
}

/** What a client is told about an error, and with which status. */
export function toHttpError(error: ServiceError, traceId: string, named?: ErrorTag): HttpError {
  const { status, tag } = BY_REASON[error.reason] ?? toHttpStatus(error.code)
  if (error.code === 'internal') {
    const message = `Something went wrong on our side. The log has more under trace ${traceId}.`
    return { status, body: { _tag: tag, message, traceId } }
  }
  return {
    status: named?.status ?? status,
    body: {
      ...named?.fields,
      _tag: named?.tag ?? tag,
      message: error.message,
      code: error.code,
      reason: error.reason,
      ...(error.details && { details: error.details }),
      traceId,
    },
  }
}

function hasStatus(error: unknown): error is StatusError {
  return (
    typeof error === 'object' &&
    error !== null &&
    'statusCode' in error &&
    typeof error.statusCode === 'number'
  )
}

function fromStatus(status: number, cause: unknown): ServiceError {
  if (status === 413)
    return new ServiceError(
      'invalid_argument',
      'payload_too_large',
      'The request is larger than this route takes. Send less, or give a URL to download from.',
      { cause },
    )
  if (status === 415)
    return new ServiceError(
      'invalid_argument',
      'media_type_unsupported',
      'Send JSON, with the header "content-type: application/json".',
      { cause },
    )
  if (status === 403 || status === 404)
    return new ServiceError('not_found', 'page_unknown', 'There is nothing at this address.', {
      cause,
    })
  if (status >= 400 && status < 500)
    return new ServiceError(
      'invalid_argument',
      'request_malformed',
      'The request cannot be read: its body is not valid JSON, or its URL is malformed.',
      { cause },
    )
  return new ServiceError('internal', 'internal', 'Something went wrong on our side.', { cause })
}
