import { canonicalHash, textHash } from './canonical-hash.ts'
import { extractionFailed } from './document-error.ts'
import { SNAPSHOT_CHARS_MAX } from './limits.ts'
import type { ConvertedOperation } from './operation-row.ts'
import type { Schema } from './schema.ts'

/** One operation, serialized as the catalog stores it. */
export interface OperationRow {
  name: string
  /** `{name, kind, description, annotations}`. */
  listing: string
  /** `{summary?, tags, inputSchema, outputSchema?, binding}`. */
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

/** Turns rows into text one by one, so that the objects they were made of can be forgotten. */
export function createRows() {
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
    toOperationRow(operation: ConvertedOperation): OperationRow {
      const { name, description, annotations, detail, refs } = operation
      const listed = { name, kind: 'openapi', description, annotations }
      const listing = JSON.stringify(listed)
      const text = JSON.stringify(detail)
      charge(listing.length + text.length)
      return { name, listing, detail: text, refs, hash: canonicalHash([listed, detail]) }
    },
    toDefinitionRow(
      name: string,
      schema: Schema,
      refs: string[],
    ): DefinitionRow & { hash: string } {
      const json = JSON.stringify(schema)
      charge(json.length)
      return { name, json, refs, hash: canonicalHash(schema) }
    },
  }
}

export type Hashed = { name: string; hash: string; refs: string[] }

/** One hash for all of it, whatever order the rows come in. */
export function snapshotHash(operations: Hashed[] | OperationRow[], definitions: Hashed[]): string {
  const lines = [
    ...operations.map(({ name, hash }) => `o ${name} ${hash}`),
    ...definitions.map(({ name, hash }) => `d ${name} ${hash}`),
  ]
  return textHash(lines.sort().join('\n'))
}
