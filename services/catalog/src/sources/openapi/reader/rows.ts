import type { Annotations } from '@executor/contracts'
import { canonicalHash, textHash } from './canonical-hash.ts'
import { findComponents } from './components.ts'
import { extractionFailed } from './document-error.ts'
import { SNAPSHOT_CHARS_MAX } from './limits.ts'
import type { Schema } from './schema.ts'

/** One operation, serialized as the catalog stores it. */
export interface OperationRow {
  name: string
  /** `{name, kind, description, annotations}`. */
  listing: string
  /** `{summary?, tags, inputSchema, outputSchema?, errors?, binding}`. */
  detail: string
  /** Definitions that the two schemas refer to directly. */
  refs: { input: string[]; output: string[] }
  /** Changes with everything the operation says, its definitions included. */
  hash: string
}

export interface DefinitionRow {
  name: string
  json: string
  /** Definitions it refers to directly. */
  refs: string[]
}

export interface HashedDefinition extends DefinitionRow {
  hash: string
}

/** What is stored of an operation, before it becomes text. */
interface StorableOperation {
  name: string
  description: string
  annotations: Annotations
  /** `{summary?, tags, inputSchema, outputSchema?, errors?, binding}`. */
  detail: object
  refs: { input: string[]; output: string[] }
}

/** Turns rows into text one by one, so that the objects they were made of can be forgotten. */
export function createRows(kind: string) {
  let chars = 0
  function charge(added: number): void {
    chars += added
    if (chars > SNAPSHOT_CHARS_MAX) {
      throw extractionFailed(
        `The description expands to more than ${SNAPSHOT_CHARS_MAX / 1_000_000} million characters.`,
      )
    }
  }
  return {
    toOperationRow(operation: StorableOperation): OperationRow {
      const { name, description, annotations, detail, refs } = operation
      const listed = { name, kind, description, annotations }
      const listing = JSON.stringify(listed)
      const text = JSON.stringify(detail)
      charge(listing.length + text.length)
      return { name, listing, detail: text, refs, hash: canonicalHash([listed, detail]) }
    },
    toDefinitionRow(name: string, schema: Schema, refs: string[]): HashedDefinition {
      const json = JSON.stringify(schema)
      charge(json.length)
      return { name, json, refs, hash: canonicalHash(schema) }
    },
  }
}

type Hashed = { name: string; hash: string; refs: string[] }

/** One hash for all of it, whatever order the rows come in. */
export function snapshotHash(operations: Hashed[] | OperationRow[], definitions: Hashed[]): string {
  const lines = [
    ...operations.map(({ name, hash }) => `o ${name} ${hash}`),
    ...definitions.map(({ name, hash }) => `d ${name} ${hash}`),
  ]
  return textHash(lines.sort().join('\n'))
}

/** Enough to tell two versions of one operation apart. */
const OPERATION_HASH_CHARS = 32

/** An operation has changed when a definition it reaches has: its hash speaks for all of them. */
export function withDefinitionHashes(
  operations: OperationRow[],
  definitions: HashedDefinition[],
): OperationRow[] {
  const byName = new Map(definitions.map((definition) => [definition.name, definition]))
  const deep = new Map<string, string>()
  const edgesOf = (name: string) => byName.get(name)?.refs ?? []
  for (const component of findComponents(byName.keys(), edgesOf)) {
    const members = component.map((name) => `${name} ${byName.get(name)?.hash}`)
    const reached = component.flatMap((name) => edgesOf(name).map((target) => deep.get(target)))
    const known = [...new Set(reached.filter((text) => text !== undefined))]
    const combined = textHash([...members, ...known].sort().join('\n'))
    for (const name of component) deep.set(name, combined)
  }
  return operations.map((operation) => {
    const { input, output } = operation.refs
    const reached = [...new Set([...input, ...output])].sort().map((name) => deep.get(name))
    const hash = textHash([operation.hash, ...reached].join('\n')).slice(0, OPERATION_HASH_CHARS)
    return { ...operation, hash }
  })
}
