import type { Bus } from '@executor/bus'
import {
  CORE_INTEGRATION,
  catalog,
  connections,
  FINDING_TOOLS,
  isServiceError,
} from '@executor/contracts'
import { z } from 'zod'
import { toToolError } from './failure.ts'
import {
  type CallOptions,
  failureAnswer,
  successAnswer,
  type ToolFamily,
  toolNotFound,
} from './tool.ts'

const { search: SEARCH, describe: DESCRIBE, list: LIST } = FINDING_TOOLS
/** Its older name. */
const LIST_SOURCES = `${CORE_INTEGRATION}.sources.list`

const inputs: Record<string, z.ZodType> = {
  [SEARCH]: z.object({
    query: z.string().max(1000),
    namespace: z.string().max(1024).optional(),
    limit: z.number().int().min(1).max(100).default(12),
    offset: z.number().int().min(0).default(0),
  }),
  [DESCRIBE]: z.object({ path: z.string().max(1100) }),
  [LIST]: z.object({
    query: z.string().optional(),
    limit: z.number().int().min(1).max(1000).default(12),
    offset: z.number().int().min(0).default(0),
  }),
}

/** What code finds its way with: search, describe, list. They answer data, without an envelope. */
export const PLAIN_TOOLS: ReadonlySet<string> = new Set([SEARCH, DESCRIBE, LIST, LIST_SOURCES])

export function sandboxTools(bus: Bus): ToolFamily {
  return {
    owns: (path) => PLAIN_TOOLS.has(path),
    async find(path, args) {
      const name = path === LIST_SOURCES ? LIST : path
      const input = inputs[name]
      if (!input) return { failure: toolNotFound(path, []) }
      const parsed = input.safeParse(args)
      if (!parsed.success) {
        const problems = parsed.error.issues.map(
          (issue) => `${issue.path.join('.')}: ${issue.message}`,
        )
        return {
          failure: {
            code: 'invalid_tool_arguments',
            message: `tools.${path}: ${problems.join('; ')}`,
          },
        }
      }
      return {
        path,
        readOnly: true,
        requiresApproval: false,
        alwaysAsksAgents: false,
        summary: path,
        async send(options) {
          try {
            return successAnswer(await answer(bus, name, parsed.data, options))
          } catch (error) {
            return failureAnswer(toToolError(error))
          }
        },
      }
    },
  }
}

async function answer(
  bus: Bus,
  name: string,
  input: unknown,
  options: CallOptions,
): Promise<unknown> {
  if (name === SEARCH) {
    return bus.request(
      catalog.searchTools,
      input as z.input<typeof catalog.searchTools.input>,
      options,
    )
  }
  if (name === DESCRIBE) return describeTool(bus, (input as { path: string }).path, options)
  return listIntegrations(bus, input as { query?: string; limit: number; offset: number }, options)
}

/** An unknown path is an answer too: with what was probably meant. */
async function describeTool(bus: Bus, path: string, options: CallOptions): Promise<unknown> {
  try {
    const { json } = await bus.request(catalog.describeTool, { address: path }, options)
    const {
      address,
      description,
      inputTypeScript,
      outputTypeScript,
      errorTypeScript,
      typeScriptDefinitions,
      name,
    } = JSON.parse(json) as Record<string, unknown>
    return {
      path: String(address).replace(/^tools\./, ''),
      name,
      description,
      inputTypeScript,
      outputTypeScript,
      ...(errorTypeScript === undefined ? {} : { errorTypeScript }),
      typeScriptDefinitions,
    }
  } catch (error) {
    if (!isServiceError(error)) throw error
    return { path, name: path, error: toToolError(error) }
  }
}

async function listIntegrations(
  bus: Bus,
  { query, limit, offset }: { query?: string; limit: number; offset: number },
  options: CallOptions,
): Promise<unknown> {
  const [{ items }, connected] = await Promise.all([
    bus.request(catalog.listIntegrations, {}, options),
    bus.request(connections.listConnections, {}, options),
  ])
  const wanted = query?.toLowerCase()
  const found = items
    .filter(({ slug, name, description }) =>
      wanted ? `${slug} ${name} ${description}`.toLowerCase().includes(wanted) : true,
    )
    .map(({ slug, name, description, kind, canRemove, canRefresh, toolCount }) => ({
      id: slug,
      name,
      description,
      kind,
      canRemove,
      canRefresh,
      toolCount,
      connections: connected.items
        .filter(({ integration }) => integration === slug)
        .map(({ owner, name: connection }) => `${owner}.${connection}`),
    }))
  const page = found.slice(offset, offset + limit)
  const next = offset + page.length
  const hasMore = next < found.length
  return { items: page, total: found.length, hasMore, nextOffset: hasMore ? next : null }
}
