import {
  ExecutionResult,
  type Interaction,
  type RunOutcome,
  ToolFile,
  ToolResult,
} from '@executor/contracts'
import type { AnswerMode } from './answer-mode.ts'
import { pauseIdOf } from './pause.ts'

/** Characters of a result that a model is shown; the structured content is never cut. */
const TEXT_CHARS_MAX = 30_000
const FILE_TEXT_CHARS_MAX = 64_000

export type ContentBlock = Record<string, unknown> & { type: string }

/** An outcome as clients have always read one: a text, a structure, and what was emitted. */
export interface OutcomeView {
  status: 'completed' | 'paused'
  text: string
  structured: Record<string, unknown>
  isError: boolean
  emitted: ContentBlock[]
}

export interface HowToGoOn {
  /** Where a person answers, and sees what came of it. */
  approvalUrl: string
  mode: AnswerMode
}

export function toOutcomeView(outcome: RunOutcome, next: HowToGoOn): OutcomeView {
  if (outcome.status === 'waiting') return waitingView(outcome.interactions[0] as Interaction, next)
  if (outcome.status === 'running') return runningView(outcome.runId, next)
  if (outcome.result === null) return cancelledView(outcome.runId)
  if (outcome.kind === 'invocation')
    return invocationView(outcome.runId, ToolResult.parse(outcome.result))
  return executionView(outcome.runId, ExecutionResult.parse(outcome.result))
}

function executionView(executionId: string, result: ExecutionResult): OutcomeView {
  const { logs } = result
  const emitted = result.emitted.map(toContentBlock)
  if (!result.ok) {
    const { message, line, column } = result.error
    const where =
      line === undefined ? '' : ` (line ${line}${column === undefined ? '' : `, column ${column}`})`
    const trail = logs.length > 0 ? `\n\nLogs:\n${logs.join('\n')}` : ''
    return {
      status: 'completed',
      text: cut(`Error: ${message}${message.includes(`line ${line}`) ? '' : where}${trail}`),
      structured: {
        status: 'error',
        error: message,
        errorCode: result.error.code,
        logs,
        executionId,
      },
      isError: true,
      emitted,
    }
  }
  const count = emitted.length
  const text =
    result.value !== undefined
      ? toText(result.value)
      : count > 0
        ? `(${count} emitted, nothing returned)`
        : '(no result)'
  return {
    status: 'completed',
    text: cut(text, executionId),
    structured: {
      status: 'completed',
      result: result.value ?? null,
      ...(count > 0 ? { emitted: count } : {}),
      logs,
      executionId,
    },
    isError: false,
    emitted,
  }
}

function invocationView(executionId: string, result: ToolResult): OutcomeView {
  return {
    status: 'completed',
    text: cut(toText(result), executionId),
    structured: { status: result.ok ? 'completed' : 'error', result, logs: [], executionId },
    isError: !result.ok,
    emitted: [],
  }
}

function waitingView(interaction: Interaction, { approvalUrl, mode }: HowToGoOn): OutcomeView {
  const executionId = pauseIdOf(interaction)
  const { kind, message, address, arguments: args, requestedSchema, url } = interaction
  const head = `Execution paused: ${message}\n\nexecutionId: ${executionId}\n\n`
  if (mode !== 'model') {
    const goesOn =
      mode === 'native'
        ? 'The execution then goes on by itself, and the page shows its result.'
        : `Then call resume with {"executionId": "${executionId}"} to go on.`
    const resumePrompt = `Ask the user to open ${approvalUrl} and answer there. ${goesOn} You cannot answer yourself.`
    return {
      status: 'paused',
      text: head + resumePrompt,
      structured: { status: 'user_approval_required', executionId, approvalUrl, resumePrompt },
      isError: false,
      emitted: [],
    }
  }
  const instructions =
    'Show this to the user and ask. Then call resume with {"executionId", "action": "accept" | "decline" | "cancel"' +
    `${requestedSchema === undefined ? '' : ', "content": "<JSON that fits requestedSchema>"'}}.`
  return {
    status: 'paused',
    text: head + instructions,
    structured: {
      status: 'waiting_for_interaction',
      executionId,
      interaction: {
        kind: url === undefined ? 'form' : 'url',
        type: kind,
        message,
        instructions,
        address,
        args,
        ...(url === undefined ? {} : { url }),
        ...(requestedSchema === undefined ? {} : { requestedSchema }),
      },
    },
    isError: false,
    emitted: [],
  }
}

function runningView(executionId: string, { approvalUrl, mode }: HowToGoOn): OutcomeView {
  const goesOn =
    mode === 'native'
      ? `${approvalUrl} shows its result when it is done.`
      : `Call resume with {"executionId": "${executionId}"} to wait for it.`
  const text = `Execution is still running.\n\nexecutionId: ${executionId}\n\n${goesOn}`
  return {
    status: 'paused',
    text,
    structured: { status: 'running', executionId },
    isError: false,
    emitted: [],
  }
}

function cancelledView(executionId: string): OutcomeView {
  return {
    status: 'completed',
    text: 'Error: the execution was cancelled.',
    structured: {
      status: 'error',
      error: 'cancelled',
      errorCode: 'cancelled',
      logs: [],
      executionId,
    },
    isError: true,
    emitted: [],
  }
}

/** Strings as they are, everything else as JSON. */
function toText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2)
}

function cut(text: string, executionId?: string): string {
  if (text.length <= TEXT_CHARS_MAX) return text
  const whole = executionId ? ` The whole result: GET /api/executions/${executionId}/result` : ''
  return `${text.slice(0, TEXT_CHARS_MAX)}\n[${text.length - TEXT_CHARS_MAX} more characters were cut.${whole}]`
}

const BLOCK_TYPES = new Set(['text', 'image', 'audio', 'resource', 'resource_link'])

/** What `emit` was given: content blocks pass, files become what they are, the rest is text. */
function toContentBlock(value: unknown): ContentBlock {
  const file = ToolFile.safeParse(value)
  if (file.success) return fileBlock(file.data)
  if (isBlock(value)) return value
  return { type: 'text', text: cut(toText(value)) }
}

function isBlock(value: unknown): value is ContentBlock {
  return (
    typeof value === 'object' &&
    value !== null &&
    'type' in value &&
    typeof value.type === 'string' &&
    BLOCK_TYPES.has(value.type) &&
    (value.type !== 'text' || ('text' in value && typeof value.text === 'string'))
  )
}

function fileBlock({ name = 'file', mimeType, data }: ToolFile): ContentBlock {
  if (mimeType.startsWith('image/')) return { type: 'image', data, mimeType }
  if (mimeType.startsWith('audio/')) return { type: 'audio', data, mimeType }
  if (/^text\/|[/+](json|xml|yaml)\b/.test(mimeType)) {
    const text = Buffer.from(data, 'base64').toString()
    return { type: 'text', text: text.slice(0, FILE_TEXT_CHARS_MAX) }
  }
  const uri = `file:///${encodeURIComponent(name)}`
  return { type: 'resource', resource: { uri, mimeType, blob: data } }
}
