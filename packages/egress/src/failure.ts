import { type ErrorCode, ServiceError } from '@executor/contracts'

/** Every `reason` that leaves this package, with its code. */
const CODES = {
  egress_invalid_request: 'invalid_argument',
  egress_blocked: 'permission_denied',
  egress_unreachable: 'unavailable',
  egress_failed: 'unavailable',
  egress_timeout: 'deadline_exceeded',
  egress_too_large: 'resource_exhausted',
  egress_invalid_response: 'unavailable',
  egress_redirects: 'failed_precondition',
  egress_cancelled: 'cancelled',
  egress_closed: 'unavailable',
} as const satisfies Record<string, ErrorCode>

export type EgressReason = keyof typeof CODES

/** Where a request was when it failed. */
export interface Progress {
  host: string
  /** Its first byte may have reached the server. */
  sent: boolean
  /** Headers of an answer had come. */
  answered?: boolean
}

/** `details.sent`: the server may have acted on the request. `details.answered`: it has answered. */
export function egressError(
  reason: EgressReason,
  message: string,
  progress: Progress,
  cause?: unknown,
): ServiceError {
  return new ServiceError(CODES[reason], reason, message, {
    details: { answered: false, ...progress },
    cause,
  })
}

export function blockedError(host: string, what: string, remedy: string): ServiceError {
  return egressError('egress_blocked', `${what} ${remedy}`, { host, sent: false })
}

/** Names what the network did, for a person. */
export function toEgressError(error: unknown, progress: Progress): ServiceError {
  if (error instanceof ServiceError) return error
  const { host, sent } = progress
  const code = errorCode(error)
  const fail = (reason: EgressReason, message: string) =>
    egressError(reason, message, progress, error)

  if (code === 'UND_ERR_INVALID_ARG')
    return fail('egress_invalid_request', `The request to ${host} cannot be sent: ${text(error)}.`)
  if (code === 'UND_ERR_CLOSED' || code === 'UND_ERR_DESTROYED')
    return fail('egress_closed', `The request to ${host} was not sent: this instance is stopping.`)
  return sent ? failureInFlight(error, host, fail) : failureToConnect(code, error, host, fail)
}

type Fail = (reason: EgressReason, message: string) => ServiceError

function failureToConnect(code: string, error: unknown, host: string, fail: Fail): ServiceError {
  if (code === 'UND_ERR_CONNECT_TIMEOUT' || code === 'ETIMEDOUT')
    return fail('egress_timeout', `No connection to ${host} within the time allowed.`)
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN' || code === 'ENODATA')
    return fail('egress_unreachable', `The name ${host} does not resolve; check the URL.`)
  if (code === 'ECONNREFUSED')
    return fail('egress_unreachable', `${host} refused the connection; is the server running?`)
  if (/CERT|TLS|SSL|SIGNATURE|EPROTO/.test(code))
    return fail('egress_unreachable', `No trusted TLS connection to ${host}: ${text(error)}.`)
  return fail('egress_unreachable', `${host} cannot be reached (${code || text(error)}).`)
}

function failureInFlight(error: unknown, host: string, fail: Fail): ServiceError {
  const code = errorCode(error)
  if (code === 'UND_ERR_HEADERS_TIMEOUT')
    return fail('egress_timeout', `${host} did not begin to answer within the time allowed.`)
  if (code === 'UND_ERR_BODY_TIMEOUT')
    return fail('egress_timeout', `${host} stopped sending in the middle of its answer.`)
  if (code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH')
    return fail('egress_invalid_response', `${host} sent another length than it announced.`)
  if (code === 'UND_ERR_HEADERS_OVERFLOW')
    return fail('egress_too_large', `${host} sent more headers than we accept.`)
  if (error instanceof Error && error.name === 'HTTPParserError')
    return fail('egress_invalid_response', `${host} did not answer in HTTP.`)
  return fail('egress_failed', `${host} closed the connection before it had answered in full.`)
}

/** The same failure of a later hop: an earlier one has seen the request. */
export function afterRedirect(error: ServiceError): ServiceError {
  return new ServiceError(error.code, error.reason, error.message, {
    details: { ...error.details, sent: true },
    cause: error.cause,
  })
}

/** A keep-alive connection that the server had given up tells itself so. */
export function isConnectionLoss(error: unknown): boolean {
  const code = errorCode(error)
  return code === 'UND_ERR_SOCKET' || code === 'ECONNRESET' || code === 'EPIPE'
}

function errorCode(error: unknown): string {
  if (!(error instanceof Error)) return ''
  const own = 'code' in error ? String(error.code) : ''
  // Every address of a name was tried; the first failure is as good as any.
  if (!own && error instanceof AggregateError) return errorCode(error.errors[0])
  return own
}

function text(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
