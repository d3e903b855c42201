import { randomUUID } from 'node:crypto'
import type { Answer, InteractionStatus, JsonObject } from '@executor/contracts'
import type { Question, QuestionAnswer } from '../protocols/protocol.ts'
import type { InteractionRow, RunRow } from '../store/rows.ts'
import { digestCall } from './digest.ts'

/** Milliseconds that an upstream's request is held open for an answer. */
export const QUESTION_MS_MAX = 30 * 60 * 1000
const MESSAGE_CHARS_MAX = 4_000
const SCHEMA_CHARS_MAX = 64_000
const FIELDS_MAX = 100
const URL_CHARS_MAX = 4_096
/** Characters of a conversation for a model. */
const REQUEST_CHARS_MAX = 256_000
const FIELD_TYPES = new Set(['string', 'number', 'integer', 'boolean', 'array'])

/** The call that is held up by a question. */
export interface AskingCall {
  position: number
  /** The tool's address. */
  path: string
  /** JSON text. */
  args: string
}

/** Why a question cannot be put to anybody; null when it can. Questions come from strangers. */
export function objectionTo(question: Question, { options }: RunRow): string | null {
  switch (question.kind) {
    case 'form':
      return objectionToMessage(question.message) ?? objectionToForm(question.requestedSchema)
    case 'url':
      return objectionToMessage(question.message) ?? objectionToUrl(question.url)
    case 'sampling':
      if (!options.canSample) return 'No client with a model of its own is there to be asked.'
      return JSON.stringify(question.request).length > REQUEST_CHARS_MAX
        ? `A request to a model may have at most ${REQUEST_CHARS_MAX} characters.`
        : null
  }
}

function objectionToMessage(message: string): string | null {
  return message.length > MESSAGE_CHARS_MAX
    ? `A question may have at most ${MESSAGE_CHARS_MAX} characters.`
    : null
}

/** A form is flat: what a person can be shown as one field each. */
function objectionToForm(schema: JsonObject): string | null {
  if (JSON.stringify(schema).length > SCHEMA_CHARS_MAX) return 'The form is too large.'
  const { properties = {} } = schema
  if (schema.type !== 'object' || typeof properties !== 'object' || properties === null) {
    return 'A form is described by a schema of type object.'
  }
  const fields = Object.entries(properties as Record<string, unknown>)
  if (fields.length > FIELDS_MAX) return `A form may have at most ${FIELDS_MAX} fields.`
  const odd = fields.find(([, field]) => !isField(field))
  return odd ? `The form's field "${odd[0]}" is of a kind that no form can show.` : null
}

function isField(field: unknown): boolean {
  if (typeof field !== 'object' || field === null || !('type' in field)) return false
  if (typeof field.type !== 'string' || !FIELD_TYPES.has(field.type)) return false
  if (field.type !== 'array') return true
  const { items } = field as { items?: unknown }
  return typeof items === 'object' && items !== null && ('enum' in items || 'anyOf' in items)
}

function objectionToUrl(text: string): string | null {
  const url = text.length > URL_CHARS_MAX ? null : URL.parse(text)
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:'))
    return 'Only a page on the web can be opened.'
  return url.username || url.password ? 'An address must not hold a password.' : null
}

/** The same question of the same call has the same digest, whenever it is asked. */
export function digestQuestion({ path, args }: AskingCall, question: Question): string {
  const { kind } = question
  // An upstream that is asked again may count its questions anew.
  const asked = kind === 'url' ? { ...question, elicitationId: undefined } : question
  return digestCall(path, { args: JSON.parse(args) as unknown, asked })
}

export function newQuestion(
  run: RunRow,
  call: AskingCall,
  question: Question,
  { digest, ttlMs }: { digest: string; ttlMs: number | null },
): InteractionRow {
  const now = Date.now()
  const { kind } = question
  return {
    id: `int_${randomUUID()}`,
    tenant: run.tenant,
    subject: run.subject,
    runId: run.id,
    position: call.position,
    kind,
    message: kind === 'sampling' ? `${call.path} asks what your model says.` : question.message,
    address: call.path,
    arguments: call.args,
    digest,
    requestedSchema: kind === 'form' ? JSON.stringify(question.requestedSchema) : null,
    url: kind === 'url' ? question.url : null,
    request: kind === 'sampling' ? JSON.stringify(question.request) : null,
    status: 'open',
    content: null,
    createdAt: now,
    expiresAt: now + Math.min(ttlMs ?? QUESTION_MS_MAX, QUESTION_MS_MAX),
    answeredAt: null,
    answeredBy: null,
    answeredRoles: null,
    answeredVia: null,
  }
}

const ACTIONS: Record<InteractionStatus, Answer> = {
  accepted: 'accept',
  declined: 'decline',
  cancelled: 'cancel',
  expired: 'cancel',
  open: 'cancel',
}

/** What the upstream is told. */
export function toQuestionAnswer({ status, content }: InteractionRow): QuestionAnswer {
  return {
    action: ACTIONS[status],
    ...(status === 'accepted' && content !== null
      ? { content: JSON.parse(content) as JsonObject }
      : {}),
    ...(status === 'expired' ? { reason: 'Nobody answered in time.' } : {}),
  }
}
