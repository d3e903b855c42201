import type { RequestOptions } from '@executor/bus'
import { isForModel, toFailureResult } from './call-result.ts'
import type { JsonObject } from './messages.ts'

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
  call(args: JsonObject, options: RequestOptions): Promise<string>
}

/** What one mode of the endpoint offers. */
export interface Toolset {
  instructions: string
  tools: ReadonlyMap<string, McpTool>
  /** The JSON text of the `tools` that `tools/list` answers. */
  listJson: string
}

export function createToolset(instructions: string, tools: readonly McpTool[]): Toolset {
  return {
    instructions,
    tools: new Map(tools.map((tool) => [tool.definition.name, tool])),
    listJson: JSON.stringify(tools.map(({ definition }) => definition)),
  }
}

/** What went wrong with a tool is its result, for the model to read and act on; bugs are thrown. */
export async function callTool(
  tool: McpTool,
  args: JsonObject,
  options: RequestOptions,
): Promise<string> {
  try {
    return await tool.call(args, options)
  } catch (error) {
    if (isForModel(error)) return toFailureResult(error)
    throw error
  }
}
