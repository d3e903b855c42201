import { isServiceError, type ServiceError, type ToolError } from '@executor/contracts'

/** What an agent calls the failures of the network; `details.answered`: headers had come. */
const CODES: Readonly<Record<string, string>> = {
  egress_blocked: 'egress_blocked',
  egress_unreachable: 'upstream_unreachable',
  egress_failed: 'upstream_connection_lost',
  egress_too_large: 'upstream_response_too_large',
  egress_invalid_response: 'upstream_invalid_response',
  egress_redirects: 'upstream_redirect_refused',
  egress_cancelled: 'cancelled',
  egress_closed: 'unavailable',
}
const WORTH_ANOTHER_TRY = new Set([
  'egress_unreachable',
  'egress_failed',
  'egress_timeout',
  'egress_closed',
])

export interface UpstreamFailure {
  error: ToolError
  outcomeUnknown: boolean
}

/** A failure of the network as an answer; anything else is a bug and rethrown. */
export function toUpstreamFailure(error: unknown, mayRepeat: boolean): UpstreamFailure {
  if (!isServiceError(error)) throw error
  const sent = error.details?.sent === true
  const outcomeUnknown = sent && !mayRepeat
  const advice = outcomeUnknown ? ' It may have taken effect: look before sending it again.' : ''
  return {
    error: {
      code: codeOf(error),
      message: error.message + advice,
      ...(error.details ? { details: error.details } : {}),
      retryable: WORTH_ANOTHER_TRY.has(error.reason) && !outcomeUnknown,
    },
    outcomeUnknown,
  }
}

function codeOf({ reason, details }: ServiceError): string {
  if (reason !== 'egress_timeout') return CODES[reason] ?? reason
  if (details?.sent !== true) return 'upstream_unreachable'
  return details.answered === true
    ? 'upstream_response_body_timeout'
    : 'upstream_response_headers_timeout'
}
