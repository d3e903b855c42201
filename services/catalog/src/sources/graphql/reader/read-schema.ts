import type { SearchDocument } from '../../../search/document.ts'
import { DocumentError } from '../../openapi/reader/document-error.ts'
import { OPERATIONS_MAX } from '../../openapi/reader/limits.ts'
import { createRows, snapshotHash, withDefinitionHashes } from '../../openapi/reader/rows.ts'
import { createWarnings, type Warnings } from '../../openapi/reader/warnings.ts'
import type { ReadSource } from '../../openapi/serve-reader.ts'
import { convertDefinitions } from './definitions.ts'
import { EXTRACTION_FAILED, INTROSPECTION_FAILED } from './failures.ts'
import { createFieldIndex } from './field-index.ts'
import { NAMES_SHOWN_MAX } from './limits.ts'
import type { FieldModel, SchemaModel } from './model.ts'
import { convertField } from './operation.ts'
import { parseSource } from './parse-source.ts'
import { readModel } from './read-model.ts'
import { toSearchDocument } from './search-document.ts'
import { createSelectDefault } from './select-default.ts'

export interface SchemaRequest {
  /** An introspection result or SDL. */
  source: string | Uint8Array
}

/** Everything about a schema but its rows. */
export interface SchemaSummary {
  hash: string
  description: string
  queryCount: number
  mutationCount: number
  subscriptions: string[]
  warnings: string[]
}

/** Reads a schema into one operation for each field of its query and mutation types. */
export async function readSchema({ source }: SchemaRequest): Promise<ReadSource<SchemaSummary>> {
  const warnings = createWarnings()
  try {
    const schema = await parseSource(source)
    return convertSchema(readModel(schema, warnings), warnings)
  } catch (error) {
    throw toOwnReason(error)
  }
}

function convertSchema(model: SchemaModel, warnings: Warnings): ReadSource<SchemaSummary> {
  const index = createFieldIndex(model)
  const context = { model, index, select: createSelectDefault(index) }
  const rows = createRows('graphql')
  const searchDocuments: SearchDocument[] = []
  const refs = new Set<string>()
  const fields = listFields(model)
  const operationRows = fields.map(({ kind, field }) => {
    const converted = convertField(kind, field, context)
    searchDocuments.push(toSearchDocument(converted, field, model))
    for (const name of [...converted.refs.input, ...converted.refs.output]) refs.add(name)
    return rows.toOperationRow(converted)
  })
  const definitions = convertDefinitions(model, refs, rows)
  const subscriptions = model.subscription?.fields.map(({ name }) => name).sort() ?? []
  warn(warnings, fields.length, subscriptions)
  return {
    summary: {
      hash: snapshotHash(operationRows, definitions),
      description: model.description,
      queryCount: fields.filter(({ kind }) => kind === 'query').length,
      mutationCount: fields.filter(({ kind }) => kind === 'mutation').length,
      subscriptions,
      warnings: warnings.list(),
    },
    operations: withDefinitionHashes(operationRows, definitions),
    definitions: definitions.map(({ name, json, refs: leads }) => ({ name, json, refs: leads })),
    searchDocuments,
  }
}

type Listed = { kind: 'query' | 'mutation'; field: FieldModel }

/** In the order of their tools' names. */
function listFields({ query, mutation }: SchemaModel): Listed[] {
  const of = (kind: Listed['kind'], fields: readonly FieldModel[] = []) =>
    fields.map((field) => ({ kind, field })).sort((a, b) => (a.field.name < b.field.name ? -1 : 1))
  const listed = [...of('mutation', mutation?.fields), ...of('query', query?.fields)]
  if (listed.length <= OPERATIONS_MAX) return listed
  throw new DocumentError(
    EXTRACTION_FAILED,
    `The schema has more than ${OPERATIONS_MAX} queries and mutations.`,
  )
}

function warn(warnings: Warnings, operations: number, subscriptions: readonly string[]): void {
  if (operations === 0) warnings.add('The schema has neither a query nor a mutation.')
  if (subscriptions.length === 0) return
  const shown = subscriptions.slice(0, NAMES_SHOWN_MAX).join(', ')
  const more = subscriptions.length - NAMES_SHOWN_MAX
  const rest = more > 0 ? ` and ${more} more` : ''
  warnings.add(`Subscriptions are not supported, so these cannot be called: ${shown}${rest}.`)
}

/** What is shared with readers of other kinds fails in their words. */
function toOwnReason(error: unknown): unknown {
  if (!(error instanceof DocumentError) || error.reason.startsWith('graphql_')) return error
  const reason = error.reason.includes('extraction') ? EXTRACTION_FAILED : INTROSPECTION_FAILED
  return new DocumentError(reason, error.message, { cause: error })
}
