import type { Bus, RequestOptions } from '@executor/bus'
import {
  catalog,
  executor,
  isServiceError,
  type JsonSchema,
  type RunOutcome,
  type SearchItem,
  ServiceError,
  type ToolDescription,
  type WaitingInvocation,
} from '@executor/contracts'
import { z } from 'zod'
import { LongJson } from '../executions/long-json.ts'
import { shownIdOf } from '../executions/pause.ts'
import { toCallResult, toTextResult } from './call-result.ts'
import { isObject, type JsonObject } from './messages.ts'
import { reachableDefinitions } from './schemas.ts'
import { createToolset, type McpTool, type Toolset } from './tool.ts'

const RESULTS_MAX = 20
const WAITING = '{"status":"waiting"'
const RESULTS_DEFAULT = 12

/** Two tools that stand for the whole catalog, for clients that run no code. */
export function createPassthrough(bus: Bus): Toolset {
  return createToolset(
    'Find tools with search, then call them with invoke by the path that search gave.',
    [searchTool(bus), invokeTool(bus)],
  )
}

const SearchInput = z.object({
  query: z.string().min(1).max(1000),
  namespace: z.string().max(1024).optional(),
  /** Asking for more is no reason to fail. */
  limit: z
    .number()
    .int()
    .min(1)
    .default(RESULTS_DEFAULT)
    .transform((limit) => Math.min(limit, RESULTS_MAX)),
  offset: z.number().int().min(0).max(10_000).default(0),
})

function searchTool(bus: Bus): McpTool {
  return {
    definition: {
      name: 'search',
      title: 'Search tools',
      description:
        'Find tools for what you want to do. Each result has a path for invoke and the schema of its arguments.',
      inputSchema: {
        type: 'object',
        properties: {
          query: { type: 'string', description: 'What you want to do, in a few words.' },
          namespace: { type: 'string', description: 'Only this integration, by its slug.' },
          limit: { type: 'integer', minimum: 1, maximum: RESULTS_MAX, default: RESULTS_DEFAULT },
          offset: { type: 'integer', minimum: 0, default: 0 },
        },
        required: ['query'],
      },
      annotations: { readOnlyHint: true, openWorldHint: false },
    },
    async call(args, options) {
      const input = parse(SearchInput, args)
      const page = await bus.request(catalog.searchTools, input, options)
      const items = await Promise.all(page.items.map((item) => withSchema(bus, item, options)))
      return toTextResult({ ...page, items })
    },
  }
}

/** Schemas are read for the page that is shown, and for no other result. */
async function withSchema(
  bus: Bus,
  item: SearchItem,
  options: RequestOptions,
): Promise<SearchItem & { inputSchema?: JsonSchema }> {
  try {
    const { json } = await bus.request(catalog.describeTool, { address: item.path }, options)
    const { inputSchema, schemaDefinitions }: ToolDescription = JSON.parse(json)
    return { ...item, inputSchema: selfContained(inputSchema, schemaDefinitions) }
  } catch (error) {
    // It was removed while we looked; its row still says what it was.
    if (isServiceError(error) && error.code === 'not_found') return item
    throw error
  }
}

/** The schema with the definitions that it refers to, which are fewer than its tool's. */
function selfContained(schema: JsonSchema, definitions: Record<string, JsonSchema>): JsonSchema {
  if (typeof schema === 'boolean') return schema
  const needed = reachableDefinitions(schema, definitions)
  return Object.keys(needed).length === 0 ? schema : { ...schema, $defs: needed }
}

function invokeTool(bus: Bus): McpTool {
  return {
    definition: {
      name: 'invoke',
      title: 'Call a tool',
      description: 'Call a tool by the path that search gave, with arguments that fit its schema.',
      inputSchema: {
        type: 'object',
        properties: {
          path: { type: 'string', description: 'The path of a search result.' },
          arguments: { type: 'object', description: "The tool's arguments.", default: {} },
        },
        required: ['path'],
      },
      annotations: {
        readOnlyHint: false,
        destructiveHint: true,
        idempotentHint: false,
        openWorldHint: true,
      },
    },
    async call(args, options) {
      const { sampling } = options.abilities
      const input = { ...readInvokeInput(args), ...(sampling && { canSample: true }) }
      const { json } = await bus.request(executor.invoke, input, options)
      if (!json.startsWith(WAITING)) return toCallResult(json)
      const { interaction, ...waiting }: WaitingInvocation = JSON.parse(json)
      return { outcome: { ...waiting, interactions: [interaction] } }
    },
    present(outcome, { approvalUrl }) {
      if (outcome.status === 'settled' && outcome.result !== null) {
        const { result } = outcome
        return toCallResult(result instanceof LongJson ? result.text : JSON.stringify(result))
      }
      return toPauseResult(outcome, approvalUrl(shownIdOf(outcome)))
    },
  }
}

/** There is no tool to go on with: the result is kept where the call's id leads to. */
function toPauseResult(outcome: RunOutcome, approvalUrl: string): string {
  const executionId = shownIdOf(outcome)
  const isWaiting = outcome.status === 'waiting'
  const [asked] = isWaiting ? outcome.interactions : []
  const next = isWaiting
    ? `Ask the user to open ${approvalUrl} and answer there. You cannot answer yourself. `
    : ''
  const text =
    `Execution paused: ${asked?.message ?? 'it is not done yet.'}\n\nexecutionId: ${executionId}\n\n` +
    `${next}Its result will be at GET /api/executions/${executionId}/result.`
  const structuredContent = isWaiting
    ? { status: 'user_approval_required', executionId, approvalUrl }
    : { status: outcome.status, executionId }
  return JSON.stringify({ content: [{ type: 'text', text }], structuredContent, isError: false })
}

/** `address` is the same as `path`, and models like to send arguments as a text. */
function readInvokeInput(args: JsonObject): { address: string; arguments: JsonObject } {
  const address = args.path ?? args.address
  if (typeof address !== 'string' || address === '')
    throw invalid('path: expected the path of a search result')
  const given = args.arguments ?? {}
  const parsed = typeof given === 'string' ? parseText(given) : given
  if (!isObject(parsed)) throw invalid('arguments: expected an object')
  return { address, arguments: parsed }
}

function parseText(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw invalid('arguments: expected an object, got a text that is not JSON', cause)
  }
}

function parse<S extends z.ZodType>(schema: S, args: JsonObject): z.output<S> {
  const parsed = schema.safeParse(args)
  if (parsed.success) return parsed.data
  const lines = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
  throw invalid(lines.join('. '))
}

function invalid(message: string, cause?: unknown): ServiceError {
  return new ServiceError('invalid_argument', 'invalid_tool_arguments', message, { cause })
}
