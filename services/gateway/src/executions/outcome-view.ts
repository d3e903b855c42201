import {
  ExecutionResult,
  type Interaction,
  isDeeperThan,
  JSON_LEVELS_MAX,
  type RunOutcome,
  ToolResult,
} from '@executor/contracts'
import type { AnswerMode } from './answer-mode.ts'
import { toContentBlocks } from './content-block.ts'
import { encodeAround, LongJson } from './long-json.ts'
import type { ContentBlock } from './mcp-block.ts'
import { pauseIdOf } from './pause.ts'
import { cutText, toShownText } from './shown-text.ts'

/** An outcome as clients have always read one: a text, a structure, and what was emitted. */
export interface OutcomeView {
  status: 'completed' | 'paused'
  text: string
  structured: Record<string, unknown>
  isError: boolean
  /** Made when it is asked for: not every surface shows it. */
  emitted(): ContentBlock[]
}

type ScriptError = Extract<ExecutionResult, { ok: false }>['error']

const NOTHING_EMITTED = () => []
/** How the text of every ToolResult that is a success begins. */
const SUCCESS = '{"ok":true,'

/** The JSON text of a view's structure. */
export function encodeStructured(structured: OutcomeView['structured']): string {
  return structured.result instanceof LongJson
    ? encodeAround(structured).join('')
    : JSON.stringify(structured)
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
  if (outcome.kind === 'invocation') return invocationView(outcome.runId, outcome.result)
  return executionView(outcome.runId, ExecutionResult.parse(outcome.result))
}

function executionView(executionId: string, result: ExecutionResult): OutcomeView {
  const { logs } = result
  const emitted = () => toContentBlocks(result.emitted, executionId)
  if (!result.ok) {
    const { message } = result.error
    const trail = logs.length > 0 ? `\n\nLogs:\n${logs.join('\n')}` : ''
    return {
      status: 'completed',
      text: cutText(`${toErrorText(result.error)}${trail}`),
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
  const count = result.emitted.length
  const text =
    result.value !== undefined
      ? toShownText(result.value, executionId)
      : count > 0
        ? `(${count} emitted, nothing returned)`
        : '(no result)'
  return {
    status: 'completed',
    text,
    structured: {
      status: 'completed',
      ...resultOrReference(result.value ?? null),
      ...(count > 0 ? { emitted: count } : {}),
      logs,
      executionId,
    },
    isError: false,
    emitted,
  }
}

/** What is too deep to be written as JSON stays where its run is. */
function resultOrReference(result: unknown): { result: unknown; resultTruncated?: true } {
  const isTooDeep =
    result instanceof LongJson
      ? result.levels > JSON_LEVELS_MAX + 1
      : isDeeperThan(result, JSON_LEVELS_MAX)
  if (!isTooDeep) return { result }
  return { result: null, resultTruncated: true }
}

/** Says once that it is an error, and where, above the line of code: a message may say either itself. */
function toErrorText({ message, line, column }: ScriptError): string {
  const text = message.startsWith('Error: ') ? message : `Error: ${message}`
  if (line === undefined || /\bline \d/.test(text)) return text
  const place = ` (line ${line}${column === undefined ? '' : `, column ${column}`})`
  const [head, ...rest] = text.split('\n')
  return [`${head}${place}`, ...rest].join('\n')
}

function invocationView(executionId: string, answered: unknown): OutcomeView {
  const result = answered instanceof LongJson ? answered : ToolResult.parse(answered)
  const ok = result instanceof LongJson ? result.text.startsWith(SUCCESS) : result.ok
  return {
    status: 'completed',
    text: toShownText(result, executionId),
    structured: {
      status: ok ? 'completed' : 'error',
      ...resultOrReference(result),
      logs: [],
      executionId,
    },
    isError: !ok,
    emitted: NOTHING_EMITTED,
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
      emitted: NOTHING_EMITTED,
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
    emitted: NOTHING_EMITTED,
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
    emitted: NOTHING_EMITTED,
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
    emitted: NOTHING_EMITTED,
  }
}
