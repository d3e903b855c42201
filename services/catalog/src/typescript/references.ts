import type { JsonSchema } from '@executor/contracts'

const DEFINITION = /^#\/(?:\$defs|definitions)\/([^/]+)$/
/** Keywords whose value is a schema, a list of schemas, or schemas by name; the others hold data. */
const ONE = ['additionalProperties', 'contains', 'contentSchema', 'else', 'if', 'items', 'not']
const MORE_ONE = ['propertyNames', 'then', 'unevaluatedItems', 'unevaluatedProperties']
const LISTS = ['allOf', 'anyOf', 'oneOf', 'prefixItems']
const NAMED = ['$defs', 'definitions', 'dependentSchemas', 'patternProperties', 'properties']

/** The definition that a reference names, if it is one to a definition. */
export function referencedDefinition(reference: unknown): string | undefined {
  if (typeof reference !== 'string') return undefined
  const name = DEFINITION.exec(reference)?.[1]
  return name === undefined ? undefined : decodePointerPart(name)
}

/** The definitions that a schema reaches, through any number of others; each once, cycles or not. */
export function reachableDefinitions(
  schema: JsonSchema,
  lookup: (name: string) => JsonSchema | undefined,
): Record<string, JsonSchema> {
  const reached: Record<string, JsonSchema> = Object.create(null)
  const waiting: unknown[] = [schema]
  while (waiting.length > 0) {
    const next = waiting.pop()
    if (!isObject(next)) continue
    const name = referencedDefinition(next.$ref)
    if (name !== undefined && !(name in reached)) {
      const definition = lookup(name)
      if (definition !== undefined) {
        reached[name] = definition
        waiting.push(definition)
      }
    }
    waiting.push(...subschemas(next))
  }
  return reached
}

export function isObject(value: unknown): value is { [keyword: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function subschemas(schema: { [keyword: string]: unknown }): unknown[] {
  const found: unknown[] = []
  for (const keyword of ONE) if (keyword in schema) found.push(schema[keyword])
  for (const keyword of MORE_ONE) if (keyword in schema) found.push(schema[keyword])
  for (const keyword of LISTS) {
    const list = schema[keyword]
    if (Array.isArray(list)) found.push(...list)
  }
  for (const keyword of NAMED) {
    const named = schema[keyword]
    if (isObject(named)) found.push(...Object.values(named))
  }
  return found
}

function decodePointerPart(part: string): string {
  const text = part.replaceAll('~1', '/').replaceAll('~0', '~')
  try {
    return decodeURIComponent(text)
  } catch {
    // A lone percent sign is a name like any other.
    return text
  }
}
