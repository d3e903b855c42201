import type { IntegrationSettings, ToolError } from '@executor/contracts'
import { decodeText, type EgressResponse } from '@executor/egress'
import { type Account, authenticationDetails } from '../authentication.ts'
import { scopeError } from '../scope-error.ts'
import { kindOf, mediaTypeOf } from './media-type.ts'
import type { OperationPlan } from './plan.ts'
import { headerText } from './response-headers.ts'
import { retryAfterMs } from './retry-after.ts'
import { findScopeShortfall } from './scopes.ts'

const DETAIL_CHARS_MAX = 64_000
const MESSAGE_CHARS_MAX = 500
const TEMPORARY = new Set([408, 425, 429, 500, 502, 503, 504])

/** An answer outside 2xx, as an agent can act on it. */
export function readFailure(
  plan: Pick<OperationPlan, 'label' | 'isRepeatable'>,
  settings: IntegrationSettings,
  account: Account,
  response: EgressResponse,
  now: number,
): ToolError {
  const { status, headers } = response
  const body = readBody(response)
  const said = messageOf(body)
  const answered = `${plan.label} answered ${status}${said === '' ? '' : `: ${said}`}`
  const wait = retryAfterMs(headers, now)
  const isLimit = status === 429 || (status === 403 && wait !== undefined)
  if (!isLimit && (status === 401 || status === 403)) {
    const shortfall = findScopeShortfall(headers, body)
    return shortfall
      ? scopeError(answered, shortfall, settings, account, { status, body })
      : rejection(answered, settings, account, { status, body })
  }
  const isTemporary = isLimit || TEMPORARY.has(status)
  const repeatable = isLimit || (isTemporary && plan.isRepeatable)
  const advice = isLimit ? ` The upstream limits how often it is called${waitText(wait)}.` : ''
  return {
    code: 'upstream_http_error',
    message: `${answered}.${advice}`,
    status,
    details: body,
    retryable: repeatable,
    ...(repeatable && wait !== undefined ? { retryAfterMs: wait } : {}),
  }
}

function rejection(
  answered: string,
  settings: IntegrationSettings,
  account: Account,
  upstream: { status: number; body: unknown },
): ToolError {
  const sentence =
    upstream.status === 401
      ? 'The upstream does not accept the credential of this connection.'
      : 'The upstream does not allow this to the account behind this connection.'
  return {
    code: 'connection_rejected',
    message: `${answered}. ${sentence}`,
    status: upstream.status,
    details: authenticationDetails(settings, account, upstream),
    retryable: false,
  }
}

function readBody({ body, headers }: EgressResponse): unknown {
  if (body.length === 0) return null
  const contentType = headerText(headers, 'content-type')
  const kind = kindOf(mediaTypeOf(contentType))
  if (kind === 'binary') return { mimeType: mediaTypeOf(contentType), byteLength: body.length }
  const text = decodeText(body.subarray(0, DETAIL_CHARS_MAX * 4), contentType)
  if (text.length <= DETAIL_CHARS_MAX)
    try {
      return JSON.parse(text)
    } catch {
      // Errors come as text and HTML too.
    }
  return text.slice(0, DETAIL_CHARS_MAX)
}

/** What upstreams call the sentence that explains an error. */
const MESSAGE_FIELDS = ['message', 'error_description', 'error', 'detail', 'title', 'description']

function messageOf(body: unknown, depth = 0): string {
  if (typeof body === 'string') return depth === 0 && /^\s*</.test(body) ? '' : clip(body)
  if (typeof body !== 'object' || body === null || depth > 2) return ''
  if (Array.isArray(body)) return messageOf(body[0], depth + 1)
  const fields = body as Record<string, unknown>
  for (const name of [...MESSAGE_FIELDS, 'errors']) {
    const said = Object.hasOwn(fields, name) ? messageOf(fields[name], depth + 1) : ''
    if (said !== '') return said
  }
  return ''
}

function clip(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim().replace(/\.$/, '')
  return line.length > MESSAGE_CHARS_MAX ? `${line.slice(0, MESSAGE_CHARS_MAX)}…` : line
}

function waitText(wait: number | undefined): string {
  return wait === undefined ? '' : `; ask again in ${Math.ceil(wait / 1000)} s`
}
