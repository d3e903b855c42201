import type { GraphqlBinding, Operation } from '@executor/contracts'
import { buildSchema, introspectionFromSchema } from 'graphql/utilities'
import type { JsonObject } from '../../openapi/reader/json.ts'
import { readSchema } from './read-schema.ts'

export interface ReadOperation {
  name: string
  description: string
  annotations: Operation['annotations']
  inputSchema: JsonObject
  outputSchema: JsonObject
  binding: GraphqlBinding
  refs: { input: string[]; output: string[] }
}

/** A schema, read, with its rows as objects. */
export async function read(source: string | Uint8Array) {
  const { summary, operations, definitions, searchDocuments } = await readSchema({ source })
  return {
    summary,
    searchDocuments,
    operations: new Map(
      operations.map(({ name, listing, detail, refs }) => [
        name,
        { ...JSON.parse(listing), ...JSON.parse(detail), refs } as ReadOperation,
      ]),
    ),
    definitions: new Map(
      definitions.map(({ name, json }) => [name, JSON.parse(json) as JsonObject]),
    ),
  }
}

/** One operation of a schema in SDL. */
export async function readOne(sdl: string, name: string): Promise<ReadOperation> {
  const { operations } = await read(sdl)
  const operation = operations.get(name)
  if (!operation) throw new RangeError(`there is no ${name}`)
  return operation
}

/** The default selection of a query field. */
export async function selectionOf(sdl: string, field: string): Promise<string> {
  const { document, selection } = (await readOne(sdl, `query.${field}`)).binding
  return selection ? document.slice(selection.start, selection.end) : ''
}

/** What a server of this schema would tell, for tests that let it lie. */
export function introspect(sdl: string): { __schema: JsonObject & { types: JsonObject[] } } {
  const schema = buildSchema(sdl, { assumeValid: true, assumeValidSDL: true })
  const result = introspectionFromSchema(schema, { oneOf: true, inputValueDeprecation: true })
  return structuredClone(result) as unknown as { __schema: JsonObject & { types: JsonObject[] } }
}
