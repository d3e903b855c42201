import type { ToolError } from '@executor/contracts'
import type { EgressResponse } from '@executor/egress'
import { failureAnswer, successAnswer } from '../answer.ts'
import { readFailure } from '../openapi/read-failure.ts'
import { usefulHeaders } from '../openapi/response-headers.ts'
import { retryAfterMs } from '../openapi/retry-after.ts'
import type { ProtocolAnswer, ProtocolCall } from '../protocol.ts'
import type { FieldPlan } from './plan.ts'
import { type GraphqlResponse, parseResponse } from './response.ts'

const EXCERPT_BYTES = 1000
const ERRORS_NAMED_MAX = 3
const MESSAGE_CHARS_MAX = 300

/**
 * What an answer means. A refused credential comes first, since some servers say it in both ways;
 * then GraphQL's own word, whatever the status; then HTTP's.
 */
export function readAnswer(
  plan: FieldPlan,
  call: ProtocolCall,
  response: EgressResponse,
  options: { now: number; isDefaultSelection: boolean },
): ProtocolAnswer {
  const { status, headers } = response
  const http = { status, headers: usefulHeaders(headers) }
  const isRefusal = status === 401 || status === 403
  const parsed = isRefusal ? null : parseResponse(response)
  if (parsed && parsed.errors.length === 0 && isSuccess(status))
    return successAnswer(parsed.data, http)
  if (parsed && parsed.errors.length > 0) {
    return failureAnswer(graphqlErrors(plan, parsed, response, options), { http })
  }
  if (!isSuccess(status)) {
    const account = { ...call.connection, template: call.credential.template }
    const error = readFailure(plan, call.settings, account, response, options.now)
    const code = error.code === 'upstream_http_error' ? 'graphql_http_error' : error.code
    return failureAnswer({ ...error, code }, { http })
  }
  return failureAnswer(invalidResponse(plan, response), { http })
}

function isSuccess(status: number): boolean {
  return status >= 200 && status < 300
}

function graphqlErrors(
  { label, binding, isRepeatable }: FieldPlan,
  { data, errors, extensions }: GraphqlResponse,
  { status, headers }: EgressResponse,
  { now, isDefaultSelection }: { now: number; isDefaultSelection: boolean },
): ToolError {
  const value = JSON.parse(data) as Record<string, unknown> | null
  const isEmpty = value === null || value[binding.field] == null
  const named = errors.slice(0, ERRORS_NAMED_MAX).map(nameError)
  const more = errors.length - named.length
  const rest = more > 0 ? ` and ${more} more` : ''
  const kept = isEmpty ? '' : ' What it could answer is in details.data.'
  const select = binding.selectArgument
  const advice =
    isEmpty && isDefaultSelection && select !== undefined
      ? ` Where the account may not read all of the default fields, choose some with "${select}".`
      : ''
  const isLimit = status === 429
  const wait = isLimit ? retryAfterMs(headers, now) : undefined
  return {
    code: 'graphql_errors',
    message: `${label} answered with errors: ${named.join('; ')}${rest}.${kept}${advice}`,
    status,
    details: { errors, data: value, ...(extensions === undefined ? {} : { extensions }) },
    retryable: isLimit && isRepeatable,
    ...(wait === undefined ? {} : { retryAfterMs: wait }),
  }
}

/** `Could not resolve to a User (user.name)`. */
function nameError(error: unknown): string {
  if (typeof error !== 'object' || error === null) return clip(JSON.stringify(error) ?? '')
  const { message, path } = error as { message?: unknown; path?: unknown }
  const said = typeof message === 'string' ? clip(message.replace(/\.$/, '')) : 'no message'
  return Array.isArray(path) && path.length > 0 ? `${said} (${clip(path.join('.'))})` : said
}

function clip(text: string): string {
  return text.length > MESSAGE_CHARS_MAX ? `${text.slice(0, MESSAGE_CHARS_MAX)}…` : text
}

function invalidResponse({ label }: FieldPlan, { status, body }: EgressResponse): ToolError {
  return {
    code: 'upstream_invalid_response',
    message: `${label} answered ${status} with something that is no GraphQL response.`,
    status,
    details: { excerpt: body.toString('utf8', 0, EXCERPT_BYTES) },
    retryable: false,
  }
}
