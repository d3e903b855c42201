import type { OpenapiBinding } from '@executor/contracts'
import type { JsonObject } from './json.ts'
import {
  type Description,
  type DescriptionRequest,
  type ReadReferences,
  readDescription,
} from './read-description.ts'

/** A whole OpenAPI description as text, with what a test wants to be different. */
export function aDescription(parts: JsonObject = {}): string {
  return JSON.stringify({
    openapi: '3.0.3',
    info: { title: 'Pets', version: '1.0.0' },
    servers: [{ url: 'https://pets.example.com' }],
    paths: { '/pets': { get: { operationId: 'listPets', tags: ['pets'] } } },
    ...parts,
  })
}

/** A description of one operation, `POST /things` unless told otherwise. */
export function anOperation(
  operation: JsonObject,
  {
    path = '/things',
    method = 'post',
    ...rest
  }: JsonObject & { path?: string; method?: string } = {},
): string {
  return aDescription({
    paths: { [path]: { [method]: { operationId: 'run', tags: ['things'], ...operation } } },
    ...rest,
  })
}

/** Reads a description without a worker. Files it refers to come from `files`. */
export function readText(
  source: string,
  { files = {}, ...rest }: Partial<DescriptionRequest> & { files?: Record<string, string> } = {},
): Promise<Description> {
  const readReferences: ReadReferences = async (urls) => urls.map((url) => files[url] ?? '{}')
  return readDescription(
    { source, url: null, overrides: [], knownMethods: [], ...rest },
    readReferences,
  )
}

export interface ReadOperation {
  name: string
  description: string
  annotations: JsonObject
  summary?: string
  tags: string[]
  inputSchema: { properties: Record<string, JsonObject>; required?: string[] } & JsonObject
  outputSchema?: unknown
  binding: OpenapiBinding
  definitions: Record<string, unknown>
}

/** The first operation of a description, put together from its rows. */
export async function readOperation(
  source: string,
  options: Parameters<typeof readText>[1] = {},
): Promise<ReadOperation> {
  const description = await readText(source, options)
  const row = description.operations[0]
  const definitions = description.definitions.map(({ name, json }) => [name, JSON.parse(json)])
  return {
    ...JSON.parse(row?.listing ?? '{}'),
    ...JSON.parse(row?.detail ?? '{}'),
    definitions: Object.fromEntries(definitions),
  }
}
