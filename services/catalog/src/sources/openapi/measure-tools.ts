import type { DefinitionRow, OperationRow } from './reader/rows.ts'

/**
 * The characters in which a client would be told of every operation as a tool of its own: its name,
 * its description, and its input schema with the definitions that the schema reaches.
 */
export function measureTools(
  operations: readonly OperationRow[],
  definitions: readonly DefinitionRow[],
): number {
  const byName = new Map(definitions.map((definition) => [definition.name, definition]))
  const reached = new Map<string, number>()
  function charsOf(names: readonly string[]): number {
    const key = names.join('\n')
    const known = reached.get(key)
    if (known !== undefined) return known
    const chars = countReached(names, byName)
    reached.set(key, chars)
    return chars
  }
  return operations.reduce((sum, { name, listing, detail, refs }) => {
    const { description } = JSON.parse(listing) as { description: string }
    const { inputSchema } = JSON.parse(detail) as { inputSchema: unknown }
    const own = JSON.stringify({ name, description, inputSchema })
    return sum + own.length + charsOf(refs.input)
  }, 0)
}

function countReached(
  names: readonly string[],
  byName: ReadonlyMap<string, DefinitionRow>,
): number {
  const seen = new Set(names)
  let chars = 0
  for (const name of seen) {
    const definition = byName.get(name)
    if (!definition) continue
    chars += definition.json.length + name.length + PUNCTUATION_CHARS
    for (const target of definition.refs) seen.add(target)
  }
  return chars
}
/** `"name":…,` */
const PUNCTUATION_CHARS = 4
