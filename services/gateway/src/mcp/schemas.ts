import type { JsonSchema } from '@executor/contracts'

const DEFINITION = '#/$defs/'

/** The definitions that a schema reaches, directly or through others. */
export function reachableDefinitions(
  schema: JsonSchema,
  definitions: Record<string, JsonSchema>,
): Record<string, JsonSchema> {
  const reached = new Map<string, JsonSchema>()
  const waiting: unknown[] = [schema]
  while (waiting.length > 0) {
    for (const name of referredNames(waiting.pop())) {
      const definition = Object.hasOwn(definitions, name) ? definitions[name] : undefined
      if (definition === undefined || reached.has(name)) continue
      reached.set(name, definition)
      waiting.push(definition)
    }
  }
  return Object.fromEntries(reached)
}

function referredNames(root: unknown): string[] {
  const names: string[] = []
  const waiting: unknown[] = [root]
  while (waiting.length > 0) {
    const value = waiting.pop()
    if (typeof value !== 'object' || value === null) continue
    if ('$ref' in value && typeof value.$ref === 'string' && value.$ref.startsWith(DEFINITION))
      names.push(decodePointer(value.$ref.slice(DEFINITION.length)))
    waiting.push(...Object.values(value))
  }
  return names
}

/** RFC 6901, in a URI fragment. */
function decodePointer(token: string): string {
  const [name = ''] = token.split('/', 1)
  return decodeURIComponent(name).replaceAll('~1', '/').replaceAll('~0', '~')
}
