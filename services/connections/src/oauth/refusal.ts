import { isServiceError, type Secret, ServiceError } from '@executor/contracts'
import * as oauth from 'oauth4webapi'
import { createMask } from '../health.ts'

const CODE = /^[\w.:/-]{1,64}$/
const SAID_CHARS_MAX = 300

/** What a server calls its refusal: `invalid_grant`. Null where it was no refusal in the standard's sense. */
export function refusalOf(error: unknown): string | null {
  const { error: code } = isServiceError(error, 'oauth_refused') ? (error.details ?? {}) : {}
  return typeof code === 'string' ? code : null
}

/**
 * What the OAuth library throws, for the person who must act. Servers may echo what they were sent, so
 * `secrets` are masked in what they say.
 */
export function toOauthError(
  error: unknown,
  host: string,
  secrets: readonly (Secret | null)[] = [],
): unknown {
  if (isServiceError(error)) return error
  if (error instanceof oauth.ResponseBodyError)
    return refused(host, error.error, error.error_description, secrets)
  if (error instanceof oauth.WWWAuthenticateChallengeError) {
    const { error: code, error_description: said } = error.cause[0]?.parameters ?? {}
    return refused(host, code ?? 'invalid_client', said, secrets)
  }
  if (error instanceof oauth.OperationProcessingError || isUnsupported(error))
    return unreadable(host, error)
  return error
}

function isUnsupported(error: unknown): error is Error {
  return error instanceof oauth.UnsupportedOperationError
}

/** A server's own word, in one line and without anything that only looks like ours. */
export function refused(
  host: string,
  code: string,
  said: string | undefined,
  secrets: readonly (Secret | null)[] = [],
): ServiceError {
  const known = CODE.test(code) ? code : 'unknown_error'
  const words = said ? `: ${clean(said, secrets)}` : ''
  return new ServiceError(
    'failed_precondition',
    'oauth_refused',
    `${host} refused with ${known}${words}.`,
    { details: { error: known, host } },
  )
}

function clean(said: string, secrets: readonly (Secret | null)[]): string {
  const values = secrets.flatMap((secret, index) =>
    secret ? [[String(index), secret] as const] : [],
  )
  const line = createMask(new Map(values))(said)
    .replace(/[\p{Cc}\p{Cf}]/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/\.$/, '')
  return line.length > SAID_CHARS_MAX ? `${line.slice(0, SAID_CHARS_MAX)}…` : line
}

/** Not the library's own words: they quote what was answered. */
function unreadable(host: string, cause: Error): ServiceError {
  return new ServiceError(
    'failed_precondition',
    'oauth_answer_invalid',
    `${host} does not answer as an authorization server does.`,
    { cause, details: { host } },
  )
}
