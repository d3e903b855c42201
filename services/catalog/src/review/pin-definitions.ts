import { textHash } from '../sources/openapi/reader/canonical-hash.ts'
import type { DefinitionRow, OperationRow } from '../store.ts'

export interface PinInput {
  /** Operations as they were. */
  operations: readonly OperationRow[]
  /** Every definition that they reach, as it was. */
  definitions: ReadonlyMap<string, DefinitionRow>
  /** Of those names what they mean now. */
  current: ReadonlyMap<string, DefinitionRow>
  /** Of the snapshot that the operations come from. */
  snapshot: string
}

const REFERENCE = '#/$defs/'
const DIGEST_CHARS = 12

/**
 * Lets operations as they were stand beside definitions as they are: a definition that means
 * something else by now gets a name of its own, and whatever leads to it says that name.
 */
export function pinDefinitions({ operations, definitions, current, snapshot }: PinInput): {
  operations: OperationRow[]
  definitions: DefinitionRow[]
} {
  const moved = findMoved(definitions, current)
  const nameOf = (name: string) => {
    if (!moved.has(name)) return name
    const digest = textHash(`${snapshot} ${name} ${definitions.get(name)?.json ?? ''}`)
    return `${name}_pinned_${digest.slice(0, DIGEST_CHARS)}`
  }
  const rewrite = (json: string) =>
    moved.size === 0 ? json : JSON.stringify(renameReferences(JSON.parse(json), nameOf))
  return {
    operations: operations.map((row) => ({
      ...row,
      detail: rewrite(row.detail),
      refs: { input: row.refs.input.map(nameOf), output: row.refs.output.map(nameOf) },
    })),
    definitions: [...definitions.values()]
      .filter(({ name }) => moved.has(name) || !current.has(name))
      .map(({ name, json, refs }) => ({
        name: nameOf(name),
        json: rewrite(json),
        refs: refs.map(nameOf),
      })),
  }
}

/** Names that mean something else by now, and names of what leads to those. */
function findMoved(
  definitions: PinInput['definitions'],
  current: PinInput['current'],
): ReadonlySet<string> {
  const users = new Map<string, string[]>()
  for (const { name, refs } of definitions.values())
    for (const ref of refs) users.set(ref, [...(users.get(ref) ?? []), name])
  const moved = new Set<string>()
  const open = [...definitions.values()]
    .filter(({ name, json }) => (current.get(name)?.json ?? json) !== json)
    .map(({ name }) => name)
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (moved.has(name)) continue
    moved.add(name)
    open.push(...(users.get(name) ?? []).filter((user) => current.has(user)))
  }
  return moved
}

function renameReferences(value: unknown, nameOf: (name: string) => string): unknown {
  if (Array.isArray(value)) return value.map((item) => renameReferences(item, nameOf))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) =>
      key === '$ref' && typeof member === 'string' && member.startsWith(REFERENCE)
        ? [key, `${REFERENCE}${nameOf(member.slice(REFERENCE.length))}`]
        : [key, renameReferences(member, nameOf)],
    ),
  )
}
