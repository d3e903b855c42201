import { isServiceError, type ToolError } from '@executor/contracts'
import { authenticationDetails } from '../authentication.ts'
import { retryAfterMs } from '../openapi/retry-after.ts'
import { findScopeShortfall } from '../openapi/scopes.ts'
import type { Access } from '../protocol.ts'
import { scopeError } from '../scope-error.ts'
import { toUpstreamFailure, type UpstreamFailure } from '../upstream-failure.ts'
import { ConnectFailure, type Session } from './connect.ts'
import type { Exchange, Refusal } from './exchange.ts'
import type { Ending } from './stdio/server-process.ts'

/** A request that did not come to an answer. */
export interface Failed {
  access: Access
  error: unknown
  exchange: Exchange
  /** Absent where there is none. */
  session?: Session
  /** Sending it again changes nothing. */
  mayRepeat: boolean
  /** It was the call of a tool. */
  isTool: boolean
}

const SAID_CHARS_MAX = 500
/** JSON-RPC's "no such method" and "invalid params": how servers say that a tool is not there. */
const NOT_FOUND_CODES = new Set([-32_601, -32_602])
/** Some servers say their code twice. */
const PREFIX = /^(?:MCP error -?\d+: )+/
const NOT_FOUND = /not found|unknown (?:tool|prompt|resource)|does not exist|no such/i

/** What it came to, as an agent can act on it, and whether anybody knows if it arrived. */
export function toFailure(failed: Failed): UpstreamFailure {
  const { access, error, exchange } = failed
  if (access.signal.aborted) return unsettled(failed, cancelled())
  if (error instanceof ConnectFailure)
    return { error: unreachable(access, error), outcomeUnknown: false }
  if (exchange.refusal) return refused(failed, exchange.refusal)
  if (exchange.failure) return toUpstreamFailure(exchange.failure, failed.mayRepeat)
  if (isServiceError(error)) return ofOurs(failed, error)
  const { session } = failed
  if (session && error instanceof session.sdk.ProtocolError) return answered(failed, error)
  if (session && error instanceof session.sdk.SdkError) return ofSdk(failed, error, session)
  return unsettled(failed, unreadable(error))
}

/** Nobody knows whether it arrived, unless it was never sent or may be repeated. */
function unsettled({ exchange, mayRepeat }: Failed, error: ToolError): UpstreamFailure {
  return { error, outcomeUnknown: exchange.sent && !mayRepeat }
}

function ofOurs(failed: Failed, error: Parameters<typeof toUpstreamFailure>[0]): UpstreamFailure {
  const failure = toUpstreamFailure(error, failed.mayRepeat)
  const details = isServiceError(error) ? error.details : undefined
  const wait = details?.retryAfterMs
  if (failure.error.code !== 'mcp_connection_failed') return failure
  return {
    ...failure,
    error: {
      ...failure.error,
      retryable: true,
      ...(typeof wait === 'number' ? { retryAfterMs: wait } : {}),
    },
  }
}

interface SdkFailure {
  code: string
  message: string
}

function ofSdk(failed: Failed, { code, message }: SdkFailure, session: Session): UpstreamFailure {
  if (code === 'REQUEST_TIMEOUT') return unsettled(failed, timedOut())
  if (code === 'CONNECTION_CLOSED' || code === 'NOT_CONNECTED')
    return unsettled(failed, gone(session.ending))
  if (code === 'CAPABILITY_NOT_SUPPORTED' || code === 'METHOD_NOT_SUPPORTED_BY_PROTOCOL_VERSION') {
    const error = { code: 'mcp_tool_unknown', message: `${clip(message)}.`, retryable: false }
    return { error, outcomeUnknown: false }
  }
  return unsettled(failed, unreadable(message))
}

/** The server's own word, in JSON-RPC. */
function answered(
  { isTool }: Failed,
  { code, message, data }: { code: number; message: string; data?: unknown },
): UpstreamFailure {
  const said = clip(message.replace(PREFIX, ''))
  const isUnknown = isTool && NOT_FOUND_CODES.has(code) && NOT_FOUND.test(message)
  const advice = isUnknown ? ' Its tools may have changed: refresh the connection.' : ''
  return {
    error: {
      code: isUnknown ? 'mcp_tool_unknown' : 'mcp_tool_error',
      message: `The server answered with an error: ${said}.${advice}`,
      details: { code, message, ...(data === undefined ? {} : { data }) },
      retryable: false,
    },
    outcomeUnknown: false,
  }
}

/** HTTP's own word; only an answer of a server in trouble leaves open whether it did anything. */
function refused(failed: Failed, refusal: Refusal): UpstreamFailure {
  const { access, mayRepeat } = failed
  const { status } = refusal
  if (status === 401 || status === 403)
    return { error: rejected(access, refusal), outcomeUnknown: false }
  const wait = retryAfterMs(Object.fromEntries(refusal.headers), Date.now())
  const isTemporary = status === 429 || status >= 500
  return {
    error: {
      code: 'upstream_http_error',
      message: `The server answered ${status}${saidBy(refusal)}.`,
      status,
      details: refusal.text,
      retryable: status === 429 || (isTemporary && mayRepeat),
      ...(isTemporary && wait !== undefined ? { retryAfterMs: wait } : {}),
    },
    outcomeUnknown: false,
  }
}

/** The credential, or what it is good for. */
export function rejected(access: Access, refusal: Refusal): ToolError {
  const { settings, connection, credential } = access
  const { status, text } = refusal
  const account = { ...connection, template: credential.template }
  const shortfall = findScopeShortfall(Object.fromEntries(refusal.headers), null)
  if (shortfall) {
    const answered = `The server answered ${status}${saidBy(refusal)}`
    return scopeError(answered, shortfall, settings, account, { status, body: text })
  }
  const sentence =
    status === 401
      ? 'It does not accept the credential of this connection.'
      : 'It does not allow this to the account behind this connection.'
  return {
    code: 'connection_rejected',
    message: `The server answered ${status}${saidBy(refusal)}. ${sentence}`,
    status,
    details: authenticationDetails(settings, account, { status, body: text }),
    retryable: false,
  }
}

/** Why there is no session. Nothing of the call itself was sent. */
export function unreachable(access: Access, failure: ConnectFailure): ToolError {
  const { exchange, ending, cause, via } = failure
  const { refusal } = exchange
  if (refusal?.status === 401 || refusal?.status === 403) return rejected(access, refusal)
  if (exchange.failure) {
    const { error } = toUpstreamFailure(exchange.failure, true)
    // What the guard refused is ours to say; the rest is that the server is not there.
    if (error.code === 'egress_blocked') return error
    return { ...error, code: 'mcp_connection_failed', details: { ...asObject(error.details), via } }
  }
  if (ending) return { ...gone(ending), details: { ...ending, via } }
  const why = refusal
    ? `it answered ${refusal.status}${saidBy(refusal)}`
    : clip(cause instanceof Error ? cause.message : String(cause))
  return {
    code: 'mcp_connection_failed',
    message: `The MCP server could not be reached: ${why}.`,
    ...(refusal ? { status: refusal.status } : {}),
    details: { via },
    retryable: refusal === undefined || refusal.status >= 500,
  }
}

function gone(ending: Ending | null): ToolError {
  const code = 'mcp_connection_failed'
  if (!ending)
    return {
      code,
      message: 'The server closed the connection before it had answered.',
      retryable: true,
    }
  const { exitCode, signal, stderr } = ending
  const how = signal === null ? `with exit code ${exitCode}` : `by ${signal}`
  const last = stderr.split('\n').at(-1) ?? ''
  return {
    code,
    message: `The server's process ended ${how}${last === '' ? '' : `: ${clip(last)}`}. It is started again when it is called.`,
    details: ending,
    retryable: true,
  }
}

function timedOut(): ToolError {
  return {
    code: 'upstream_response_headers_timeout',
    message:
      'The server did not answer within the time allowed, and was told that nobody waits any more.',
    retryable: false,
  }
}

function cancelled(): ToolError {
  return { code: 'cancelled', message: 'The call was cancelled.', retryable: false }
}

function unreadable(error: unknown): ToolError {
  const said = error instanceof Error ? error.message : String(error)
  return {
    code: 'upstream_invalid_response',
    message: `The server's answer cannot be read: ${clip(said)}.`,
    retryable: false,
  }
}

/** The first line of what it said, unless that is a page. */
function saidBy({ text }: Refusal): string {
  if (text === '' || /^\s*</.test(text)) return ''
  return `: ${clip(messageIn(text))}`
}

function messageIn(text: string): string {
  try {
    const {
      error,
      message,
      error_description: described,
    } = JSON.parse(text) as Record<string, unknown>
    const said = described ?? message ?? asObject(error).message ?? error
    return typeof said === 'string' ? said : text
  } catch {
    // Not everybody answers in JSON.
    return text
  }
}

function asObject(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}

function clip(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim().replace(/\.$/, '')
  return line.length > SAID_CHARS_MAX ? `${line.slice(0, SAID_CHARS_MAX)}…` : line
}
