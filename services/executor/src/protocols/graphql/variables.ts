import type { GraphqlBinding, JsonObject } from '@executor/contracts'
import type { Problem } from '../arguments/schema-check.ts'

/** Where arguments come in one `variables` object, as GraphQL itself sends them, they are taken out. */
export function unwrapVariables(
  { variables }: GraphqlBinding,
  args: JsonObject,
): { args: JsonObject; problems: Problem[] } {
  const inner = Object.hasOwn(args, 'variables') ? args.variables : undefined
  if (variables.includes('variables') || !isObject(inner)) return { args, problems: [] }
  const { variables: _, ...own } = args
  const twice = Object.keys(inner).find((name) => Object.hasOwn(own, name))
  if (twice !== undefined) {
    const message = 'is given twice: by itself and in variables'
    return { args, problems: [{ path: twice, message }] }
  }
  return { args: { ...own, ...inner }, problems: [] }
}

/** What goes on the wire. An argument that is not given is left out, which is not the same as null. */
export function toVariables({ variables, pageSize }: GraphqlBinding, args: JsonObject): JsonObject {
  const sent: JsonObject = {}
  for (const name of variables) {
    if (Object.hasOwn(args, name) && args[name] !== undefined) sent[name] = args[name]
  }
  const isBounded = sent.first != null || sent.last != null
  if (pageSize !== undefined && !isBounded) sent.first = pageSize
  return sent
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
