import {
  ERROR_CODES,
  invariant,
  PAYLOAD_BYTES_MAX,
  Principal,
  ServiceError,
} from '@executor/contracts'
import { z } from 'zod'
import type { AnyMethod } from './bus.ts'
import { busFailure } from './failures.ts'
import {
  ERROR_DETAILS_CHARS_MAX,
  ERROR_MESSAGE_CHARS_MAX,
  ERROR_REASON_CHARS_MAX,
} from './limits.ts'

const ISSUES_MAX = 10
const ISSUES_IN_MESSAGE_MAX = 3

/** An error as it travels: JSON text of this. */
const WireError = z.object({
  code: z.enum(ERROR_CODES),
  reason: z.string().max(ERROR_REASON_CHARS_MAX),
  message: z.string(),
  details: z.record(z.string(), z.unknown()).optional(),
})

/** What came of a request, still as JSON: bytes where the method answers bytes, text everywhere else. */
export type Answer = { body: string | Uint8Array } | { error: string }

/** The JSON text of a value; nothing at all for `undefined`. */
export function encodeBody(subject: string, value: unknown, bytesMax: number): string {
  const text = toText(subject, value)
  if (isLongerThan(text, bytesMax)) throw busFailure.payloadTooLarge(subject, bytesMax)
  return text
}

/** Reads what somebody else wrote: `invalid_argument` unless it is what the schema says. */
export function decodeBody<T>(subject: string, schema: z.ZodType<T>, body: string): T {
  const parsed = schema.safeParse(fromText(subject, body))
  if (!parsed.success) throw toInvalidInput(subject, parsed.error)
  return parsed.data
}

/** `encoded` methods hand out what is JSON already. */
export function encodeOutput(method: AnyMethod, output: unknown): string | Uint8Array {
  const body = method.encoded ? encodedBody(method.encoded, output) : encodeUnknown(output)
  const isTooLong =
    typeof body === 'string'
      ? isLongerThan(body, PAYLOAD_BYTES_MAX)
      : body.length > PAYLOAD_BYTES_MAX
  if (isTooLong) throw busFailure.replyTooLarge(method.subject, PAYLOAD_BYTES_MAX)
  return body
}

/** The client's half: an answer that breaks the contract is the server's bug, not the caller's. */
export function decodeAnswer(method: AnyMethod, answer: Answer): unknown {
  if ('error' in answer) throw decodeError(method.subject, answer.error)
  const { body } = answer
  if (typeof body !== 'string') return { bytes: body }
  if (method.encoded === true) return { json: body }
  const parsed = method.output.safeParse(fromAnswer(method.subject, body))
  if (!parsed.success) throw busFailure.invalidOutput(method.subject, parsed.error)
  return parsed.data
}

export function decodePrincipal(subject: string, principal: unknown): Principal {
  const parsed = Principal.safeParse(principal)
  if (!parsed.success) throw busFailure.malformed(subject, parsed.error)
  return parsed.data
}

/** Cuts what is too long to travel, so that telling about a failure never fails itself. */
export function encodeError(error: ServiceError): string {
  return JSON.stringify({
    code: error.code,
    reason: error.reason.slice(0, ERROR_REASON_CHARS_MAX),
    message: error.message.slice(0, ERROR_MESSAGE_CHARS_MAX),
    details: canTravel(error.details) ? error.details : undefined,
  })
}

export function decodeError(subject: string, text: string): ServiceError {
  const wire = WireError.safeParse(fromAnswer(subject, text))
  if (!wire.success) return busFailure.invalidOutput(subject, wire.error)
  const { code, reason, message, details } = wire.data
  return new ServiceError(code, reason, message, details === undefined ? {} : { details })
}

/** A UTF-16 unit is one to three bytes of UTF-8, so most texts need no counting. */
export function isLongerThan(text: string, bytesMax: number): boolean {
  if (text.length * 3 <= bytesMax) return false
  return text.length > bytesMax || Buffer.byteLength(text) > bytesMax
}

function toText(subject: string, value: unknown): string {
  try {
    return encodeUnknown(value)
  } catch (error) {
    throw busFailure.malformed(subject, error)
  }
}

function encodeUnknown(value: unknown): string {
  return JSON.stringify(value) ?? ''
}

function fromText(subject: string, text: string): unknown {
  if (text === '') return undefined
  try {
    return JSON.parse(text)
  } catch (error) {
    throw busFailure.malformed(subject, error)
  }
}

function fromAnswer(subject: string, text: string): unknown {
  try {
    return fromText(subject, text)
  } catch (error) {
    throw busFailure.invalidOutput(subject, error)
  }
}

function encodedBody(encoded: true | 'bytes', output: unknown): string | Uint8Array {
  const { json, bytes } = (output ?? {}) as { json?: unknown; bytes?: unknown }
  if (encoded === 'bytes') {
    invariant(bytes instanceof Uint8Array, 'a handler of this method returns { bytes }')
    return bytes
  }
  invariant(typeof json === 'string', 'a handler of an encoded method returns { json }')
  return json
}

function canTravel(details: unknown): boolean {
  try {
    return encodeUnknown(details).length <= ERROR_DETAILS_CHARS_MAX
  } catch {
    // Details that are no JSON are worth less than the failure they belong to.
    return false
  }
}

function toInvalidInput(subject: string, error: z.ZodError): ServiceError {
  const issues = error.issues
    .slice(0, ISSUES_MAX)
    .map(({ path, message }) => ({ path: path.join('.'), message }))
  const problem = issues
    .slice(0, ISSUES_IN_MESSAGE_MAX)
    .map(({ path, message }) => (path === '' ? message : `${path}: ${message}`))
    .join('; ')
  return busFailure.invalidInput(subject, problem, issues)
}
