import type { JsonObject, OperationDetail, ToolError } from '@executor/contracts'
import { describeSchema } from './describe.ts'
import { checkSchema, type Problem } from './schema-check.ts'

const NAMES_MAX = 60

/** What an agent is told when its arguments do not fit; `null` when they do. */
export function checkArguments(detail: OperationDetail, args: JsonObject): ToolError | null {
  const { operation, definitions } = detail
  const problems = checkSchema(operation.inputSchema, definitions, args)
  return problems.length === 0 ? null : invalidArguments(detail, problems)
}

/** Names each argument that is wrong, why, and what the tool takes. */
export function invalidArguments(detail: OperationDetail, problems: readonly Problem[]): ToolError {
  const { operation } = detail
  const lines = problems.map(({ path, message }) => `"${path || 'arguments'}" ${message}`)
  const accepted = listArguments(operation.inputSchema)
  const takes =
    accepted.length === 0 ? 'It takes no arguments.' : `It takes ${accepted.join(', ')}.`
  return {
    code: 'invalid_tool_arguments',
    message: `${operation.name} was not called: ${lines.join('; ')}. ${takes}`,
    details: { problems, accepted },
    retryable: false,
  }
}

function listArguments(schema: OperationDetail['operation']['inputSchema']): string[] {
  if (typeof schema === 'boolean') return []
  const properties = (schema.properties ?? {}) as Record<string, Record<string, unknown>>
  const required = new Set(Array.isArray(schema.required) ? schema.required : [])
  const names = Object.keys(properties)
  const shown = names.slice(0, NAMES_MAX).map((name) => {
    const kind = describeSchema(properties[name])
    return `${name} (${required.has(name) ? 'required ' : ''}${kind})`
  })
  return names.length > NAMES_MAX ? [...shown, `${names.length - NAMES_MAX} more`] : shown
}
