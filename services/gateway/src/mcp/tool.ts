import type { RequestOptions } from '@executor/bus'
import { invariant, type RunOutcome } from '@executor/contracts'
import type { Abilities } from './abilities.ts'
import type { Asked } from './asked.ts'
import { isForModel, toFailureResult } from './call-result.ts'
import type { JsonObject } from './messages.ts'

/** What a call came to that may go on after a question to the client. */
export interface Came {
  outcome: RunOutcome
  /** What the client was asked before. */
  asked?: Asked
}

/** On whose behalf a tool is called, and where a person would answer for it. */
export interface CallerOptions extends RequestOptions {
  approvalUrl(executionId: string): string
  /** What the client can be asked while it waits. */
  abilities: Abilities
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
  /**
   * The JSON text of a `CallToolResult`: what a service wrote is not decoded on its way. Or how a run
   * stands, for `present` to show once nothing more can be asked.
   */
  call(args: JsonObject, options: CallerOptions): Promise<string | Came>
  present?(outcome: RunOutcome, options: CallerOptions): string
}

/** What one mode of the endpoint offers. */
export interface Toolset {
  instructions: string
  tools: ReadonlyMap<string, McpTool>
  /** What `tools/list` answers depends on what is connected. */
  changes: boolean
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
    changes: inventory !== undefined,
    async list(options) {
      const [first, ...others] = definitions
      const note = await inventory?.(options)
      if (!first || !note) return listJson
      return JSON.stringify([{ ...first, description: `${first.description} ${note}` }, ...others])
    },
  }
}

/** What `tools/list` costs a model, near enough to compare: a token for every four characters. */
export function toolsetTokens({ tools }: Toolset): number {
  const definitions = [...tools.values()].map(({ definition }) => definition)
  return Math.ceil(JSON.stringify(definitions).length / 4)
}

/** Goes on with a run for as long as its client can be asked. A text is a result of the protocol. */
export type Settle = (came: Came) => Promise<RunOutcome | string>

/** What went wrong with a tool is its result, for the model to read and act on; bugs are thrown. */
export async function callTool(
  tool: McpTool,
  begin: () => Promise<string | Came>,
  options: CallerOptions,
  settle: Settle = async ({ outcome }) => outcome,
): Promise<string> {
  try {
    const came = await begin()
    if (typeof came === 'string') return came
    const settled = await settle(came)
    if (typeof settled === 'string') return settled
    invariant(tool.present, 'a tool that answers runs can show them')
    return tool.present(settled, options)
  } catch (error) {
    if (isForModel(error)) return toFailureResult(error)
    throw error
  }
}
