import type { Bus } from '@executor/bus'
import { Answer, connections, executor, isServiceError, ServiceError } from '@executor/contracts'
import { z } from 'zod'
import type { AnswerMode } from '../executions/answer-mode.ts'
import { awaitNews, awaitOutcome, driveExecution } from '../executions/drive.ts'
import { encodeStructured, type OutcomeView, toOutcomeView } from '../executions/outcome-view.ts'
import { findPause, runIdOf, shownIdOf } from '../executions/pause.ts'
import { askedOnce } from './asked.ts'
import { executeSkill } from './skill.ts'
import { type CallerOptions, createToolset, type McpTool, type Toolset } from './tool.ts'

/** Milliseconds that `resume` waits for a person before it says that nobody has answered yet. */
const ANSWER_MS_MAX = 240_000
const INVENTORY_MAX = 50

/**
 * Three tools, whatever the catalog holds: run code, learn how, go on after a pause. Where the client's
 * user is asked within the call, there is no pause to go on after.
 */
export function createCodeMode(bus: Bus, mode: AnswerMode): Toolset {
  return createToolset(
    'Run code against every connected tool. Read the execute skill first.',
    [
      executeTool(bus, mode),
      skillsTool(bus, mode),
      ...(mode === 'native' ? [] : [resumeTool(bus, mode)]),
    ],
    (options) => listInventory(bus, options),
  )
}

function executeTool(bus: Bus, mode: AnswerMode): McpTool {
  return {
    definition: {
      name: 'execute',
      title: 'Execute code',
      description:
        'Run TypeScript that calls tools: find them with tools.search(), call them, return what you need. ' +
        'Call skills {"name": "execute"} once before the first use.',
      inputSchema: {
        type: 'object',
        properties: {
          code: { type: 'string', description: 'TypeScript; `return` gives the result.' },
        },
        required: ['code'],
      },
      annotations: {
        readOnlyHint: false,
        destructiveHint: true,
        idempotentHint: false,
        openWorldHint: true,
      },
    },
    async call(args, options) {
      const { code } = parse(ExecuteInput, args)
      const { sampling: canSample } = options.abilities
      return { outcome: await driveExecution(bus, { code, canSample }, options) }
    },
    present: (outcome, options) => toResult(view(outcome, mode, options)),
  }
}

function skillsTool(bus: Bus, mode: AnswerMode): McpTool {
  return {
    definition: {
      name: 'skills',
      title: 'Read a skill',
      description: 'How to use this server. Without a name lists the skills.',
      inputSchema: { type: 'object', properties: { name: { type: 'string' } }, required: [] },
      annotations: { readOnlyHint: true, openWorldHint: false },
    },
    async call(args, options) {
      const { name } = parse(SkillsInput, args)
      if (name === undefined) return textResult('execute: how to write code for the execute tool.')
      if (name !== 'execute') {
        return textResult(`There is no skill "${name}". There is: execute.`, true)
      }
      const [skill, inventory] = [executeSkill(mode), await listInventory(bus, options)]
      return textResult(inventory ? `${skill}\n\n${inventory}` : skill)
    },
  }
}

const ExecuteInput = z.object({ code: z.string().min(1).max(1_000_000) })
const SkillsInput = z.object({ name: z.string().max(100).optional() })
const ResumeInput = z.object({
  executionId: z.string().min(1).max(128),
})
const AnswerInput = ResumeInput.extend({
  action: Answer,
  content: z.string().max(100_000).default('{}'),
})

function resumeTool(bus: Bus, mode: AnswerMode): McpTool {
  const answers = {
    action: { type: 'string', enum: Answer.options },
    content: {
      type: 'string',
      description: 'JSON text, where a form is asked for.',
      default: '{}',
    },
  }
  return {
    definition: {
      name: 'resume',
      title: 'Go on after a pause',
      description:
        mode === 'model'
          ? 'Go on with a paused execution, with what the user answered.'
          : 'Wait for the user to answer behind the approval link, and get how the execution went on.',
      inputSchema: {
        type: 'object',
        properties: {
          executionId: {
            type: 'string',
            description: 'As the pause was shown with: each has its own.',
          },
          ...(mode === 'model' ? answers : {}),
        },
        required: mode === 'model' ? ['executionId', 'action'] : ['executionId'],
      },
      annotations: {
        readOnlyHint: false,
        destructiveHint: false,
        idempotentHint: true,
        openWorldHint: true,
      },
    },
    async call(args, options) {
      const answer = mode === 'model' ? parse(AnswerInput, args) : null
      const { executionId } = answer ?? parse(ResumeInput, args)
      const runId = runIdOf(executionId)
      try {
        const pause = await findPause(bus, executionId, options)
        const now = await awaitOutcome(bus, { id: runId }, options)
        if (now.status !== 'waiting') return { outcome: await awaitNews(bus, runId, [], options) }
        const isForModel = now.interactions.some(({ kind }) => kind === 'sampling')
        if (isForModel && options.abilities.sampling) return { outcome: now }
        // What this pause came to is there already: the next one.
        if (pause ? pause.status !== 'open' : answer) return { outcome: now }
        if (pause && answer) {
          const { id, digest } = pause
          const content = parseContent(answer.content)
          await bus.request(
            executor.answerInteraction,
            { id, action: answer.action, content, digest },
            options,
          )
        }
        const known = answer && pause ? [pause.id] : now.interactions.map(({ id }) => id)
        const outcome = await awaitNews(bus, runId, known, options, ANSWER_MS_MAX)
        const stillAsked =
          outcome.status === 'running' ? await awaitOutcome(bus, { id: runId }, options) : outcome
        return { outcome: stillAsked, asked: askedOnce(known) }
      } catch (error) {
        if (!isServiceError(error, 'run_unknown')) throw error
        return toResult({
          status: 'completed',
          text: `There is no execution "${executionId}". Run the code again.`,
          structured: { status: 'execution_not_found', recovery: 're_execute', executionId },
          isError: true,
          emitted: () => [],
        })
      }
    },
    present: (outcome, options) => toResult(view(outcome, mode, options)),
  }
}

function view(
  outcome: Parameters<typeof toOutcomeView>[0],
  mode: AnswerMode,
  { approvalUrl }: CallerOptions,
): OutcomeView {
  return toOutcomeView(outcome, { approvalUrl: approvalUrl(shownIdOf(outcome)), mode })
}

/** The JSON text of a `CallToolResult`. */
function toResult({ text, structured, isError, emitted }: OutcomeView): string {
  const content = [...emitted(), { type: 'text', text }]
  return `{"content":${JSON.stringify(content)},"structuredContent":${encodeStructured(structured)},"isError":${isError}}`
}

function textResult(text: string, isError = false): string {
  return JSON.stringify({ content: [{ type: 'text', text }], isError })
}

/** The integrations that can be called: names only, so that it costs little however many there are. */
async function listInventory(bus: Bus, options: CallerOptions): Promise<string> {
  const { slugs } = await bus.request(connections.listConnectedIntegrations, {}, options)
  if (slugs.length === 0) return ''
  const shown = slugs.slice(0, INVENTORY_MAX).join(', ')
  const more = slugs.length > INVENTORY_MAX ? `, and ${slugs.length - INVENTORY_MAX} more` : ''
  return `Connected: ${shown}${more}.`
}

function parseContent(text: string): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(text)
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed))
      return { ...parsed }
  } catch (cause) {
    throw new ServiceError(
      'invalid_argument',
      'invalid_tool_arguments',
      'content: expected JSON text',
      { cause },
    )
  }
  throw new ServiceError(
    'invalid_argument',
    'invalid_tool_arguments',
    'content: expected a JSON object',
  )
}

function parse<S extends z.ZodType>(schema: S, args: unknown): z.output<S> {
  const parsed = schema.safeParse(args)
  if (parsed.success) return parsed.data
  const lines = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
  throw new ServiceError('invalid_argument', 'invalid_tool_arguments', lines.join('. '))
}
