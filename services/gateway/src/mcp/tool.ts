import type { RequestOptions } from '@executor/bus'
import { isForModel, toFailureResult } from './call-result.ts'
import type { JsonObject } from './messages.ts'

/** On whose behalf a tool is called, and where a person would answer for it. */
export interface CallerOptions extends RequestOptions {
  approvalUrl(runId: string): string
}

/** A tool that a client of `/mcp` sees. */
export interface McpTool {
  definition: {
    name: string
    title: string
    description: string
    inputSchema: { type: 'object'; properties: JsonObject; required: string[] }
    annotations: {
      readOnlyHint: boolean
      destructiveHint?: boolean
      idempotentHint?: boolean
      openWorldHint: boolean
    }
  }
  /** The JSON text of a `CallToolResult`: what a service wrote is not decoded on its way. */
  call(args: JsonObject, options: CallerOptions): Promise<string>
}

/** What one mode of the endpoint offers. */
export interface Toolset {
  instructions: string
  tools: ReadonlyMap<string, McpTool>
  /** The JSON text of the `tools` that `tools/list` answers this caller. */
  list(options: CallerOptions): Promise<string>
}

/** `inventory` is added to the first tool's description: what there is to call, right now. */
export function createToolset(
  instructions: string,
  tools: readonly McpTool[],
  inventory?: (options: CallerOptions) => Promise<string>,
): Toolset {
  const definitions = tools.map(({ definition }) => definition)
  const listJson = JSON.stringify(definitions)
  return {
    instructions,
    tools: new Map(tools.map((tool) => [tool.definition.name, tool])),
    async list(options) {
      const [first, ...others] = definitions
      const note = await inventory?.(options)
      if (!first || !note) return listJson
      return JSON.stringify([{ ...first, description: `${first.description} ${note}` }, ...others])
    },
  }
}

/** What went wrong with a tool is its result, for the model to read and act on; bugs are thrown. */
export async function callTool(
  tool: McpTool,
  args: JsonObject,
  options: CallerOptions,
): Promise<string> {
  try {
    return await tool.call(args, options)
  } catch (error) {
    if (isForModel(error)) return toFailureResult(error)
    throw error
  }
}
