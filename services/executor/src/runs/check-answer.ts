import {
  type Answer,
  isAgent,
  isCorePath,
  type JsonObject,
  type Principal,
  ServiceError,
} from '@executor/contracts'
import { z } from 'zod'
import type { ElicitationMode } from '../deps.ts'
import { checkSchema } from '../protocols/arguments/schema-check.ts'
import type { InteractionRow } from '../store/rows.ts'

/** Characters of what is filled in, and of what a model says. */
const CONTENT_CHARS_MAX = 256_000

const SampledMessage = z.looseObject({
  role: z.enum(['user', 'assistant']),
  model: z.string(),
  content: z.unknown().refine((content) => typeof content === 'object' && content !== null),
})

export interface GivenAnswer {
  action: Answer
  content?: JsonObject | undefined
  grant?: number | undefined
}

/**
 * By default a person answers where no agent can reach. What a model is asked, the client whose model
 * it is answers; that permits nothing. Throws `permission_denied`.
 */
export function assertMayAnswer(
  { kind, address }: InteractionRow,
  { action }: GivenAnswer,
  principal: Principal,
  mode: ElicitationMode,
): void {
  if (kind === 'sampling') {
    if (principal.via === 'mcp' || action !== 'accept') return
    throw new ServiceError(
      'permission_denied',
      'model_only',
      'The model of the client that started this run answers this. You can decline it.',
    )
  }
  if (!isAgent(principal)) return
  // Our own tools have the rights of whoever approves them: an agent's are not enough for any of these.
  if (kind === 'approval' && action === 'accept' && isCorePath(address)) throw personOnly()
  if (mode === 'model') return
  // Whoever sits at an agent's client answers there; the agent itself has other doors.
  if (mode === 'native' && principal.via === 'mcp') return
  throw personOnly()
}

function personOnly(): ServiceError {
  return new ServiceError(
    'permission_denied',
    'agent_not_allowed',
    'A person answers this: open the approval link, or the console.',
  )
}

/** What is kept of an answer, as JSON text. Throws `invalid_argument` where it does not fit the question. */
export function toContent(
  row: InteractionRow,
  { action, content, grant }: GivenAnswer,
): string | null {
  if (grant !== undefined && row.kind !== 'approval')
    throw invalid('grant_not_applicable', 'Only an approval can hold for the rest of a run.')
  if (action !== 'accept') return null
  const text = JSON.stringify(content ?? {})
  if (text.length > CONTENT_CHARS_MAX) {
    throw invalid('content_invalid', `An answer may have at most ${CONTENT_CHARS_MAX} characters.`)
  }
  if (row.kind === 'form') assertFits(row, content ?? {})
  else if (row.kind === 'sampling') assertSampled(content)
  else return null
  return text
}

function assertFits({ requestedSchema }: InteractionRow, content: JsonObject): void {
  const schema = JSON.parse(requestedSchema ?? '{}') as JsonObject
  const fields = (schema.properties ?? {}) as JsonObject
  const unknown = Object.keys(content).filter((name) => !Object.hasOwn(fields, name))
  const problems = [
    ...unknown.map((path) => ({ path, message: 'is not asked for' })),
    ...checkSchema(schema, {}, content),
  ]
  if (problems.length === 0) return
  const text = problems.map(({ path, message }) => `"${path || 'answer'}" ${message}`).join('; ')
  throw invalid('content_invalid', `The answer does not fit the form: ${text}. It is still open.`, {
    problems,
  })
}

function assertSampled(content: JsonObject | undefined): void {
  if (SampledMessage.safeParse(content).success) return
  throw invalid('content_invalid', 'A model answers with a role, a model and a content.')
}

function invalid(reason: string, message: string, details?: Record<string, unknown>): ServiceError {
  return new ServiceError('invalid_argument', reason, message, { ...(details && { details }) })
}
