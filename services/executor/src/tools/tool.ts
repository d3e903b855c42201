import type { Decision, Principal, ToolError } from '@executor/contracts'
import type { Asker } from '../protocols/protocol.ts'

/** Who calls, and until when somebody waits for the answer. */
export interface CallOptions {
  principal: Principal
  signal: AbortSignal
}

/** What a tool answered, as the text that is recorded and handed on. */
export interface ToolAnswer {
  /** A ToolResult. */
  json: string
  ok: boolean
  httpStatus: number | null
}

/** A tool that exists, with arguments that fit it: all that is missing is leave to send. */
export interface CallableTool {
  /** The address without `tools.`. */
  path: string
  readOnly: boolean
  requiresApproval: boolean
  /** The tool is asked about whatever the rules say, as long as an agent calls it. */
  alwaysAsksAgents: boolean
  /** What policy says of it, where that was asked already. */
  decide?(): Promise<Decision>
  /** What a person is told would happen: "DELETE /repos/{owner}/{repo}". */
  summary: string
  /** `asker` is for what the upstream wants to know before it goes on. */
  send(options: CallOptions, asker?: Asker): Promise<ToolAnswer>
}

/** One family of tools: those of integrations, the product's own, what the sandbox offers. */
export interface ToolFamily {
  owns(path: string): boolean
  /** Finds the tool and checks the arguments. A failure is the agent's to act on. */
  find(
    path: string,
    args: Record<string, unknown>,
    options: CallOptions,
  ): Promise<CallableTool | { failure: ToolError }>
}

export type Tools = Pick<ToolFamily, 'find'>

/** The first family that owns an address answers for it. */
export function joinTools(families: ToolFamily[]): Tools {
  return {
    async find(address, args, options) {
      const path = address.startsWith('tools.') ? address.slice('tools.'.length) : address
      const family = families.find((candidate) => candidate.owns(path))
      if (family) return family.find(path, args, options)
      return { failure: toolNotFound(path, []) }
    },
  }
}

export function isFailure(
  found: CallableTool | { failure: ToolError },
): found is { failure: ToolError } {
  return 'failure' in found
}

export function toolNotFound(path: string, suggestions: string[]): ToolError {
  const hint =
    suggestions.length > 0
      ? ` Did you mean ${suggestions.join(', ')}?`
      : ' Use search to find what there is.'
  return {
    code: 'tool_not_found',
    message: `There is no tool "${path}".${hint}`,
    details: { suggestions },
  }
}

export function failureAnswer(error: ToolError): ToolAnswer {
  return { json: JSON.stringify({ ok: false, error }), ok: false, httpStatus: error.status ?? null }
}

export function successAnswer(data: unknown): ToolAnswer {
  return { json: JSON.stringify({ ok: true, data: data ?? null }), ok: true, httpStatus: null }
}
