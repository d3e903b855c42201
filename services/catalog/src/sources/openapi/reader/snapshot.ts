import type { AuthMethod, OpenapiServer } from '@executor/contracts'
import type { SearchDocument } from '../../../search/document.ts'
import { findComponents } from './components.ts'
import { readBody, readResponses } from './contents.ts'
import { createDefinitions, type Definitions, type PendingDefinition } from './definitions.ts'
import { inPart } from './document-error.ts'
import type { Documents } from './documents.ts'
import { createBudget, ownValue } from './json.ts'
import { convertOperation, type PartReader } from './operation-row.ts'
import { listOperations } from './operations.ts'
import { readParameters } from './parameters.ts'
import type { RawOperation } from './parts.ts'
import {
  createRows,
  type DefinitionRow,
  type HashedDefinition,
  type OperationRow,
  snapshotHash,
  withDefinitionHashes,
} from './rows.ts'
import { type Schema, type SchemaContext, toJsonSchema } from './schema.ts'
import { toSearchDocument } from './search-document.ts'
import { readSchemes, readSecurity, type Security } from './security.ts'
import { toScheme } from './security-schemes.ts'
import { defaultServers, readServers } from './servers.ts'
import {
  readSwaggerBody,
  readSwaggerParameter,
  readSwaggerResponses,
  readSwaggerSchemes,
  readSwaggerServers,
} from './swagger.ts'
import { nameOperations } from './tool-names.ts'
import type { Flavor } from './version.ts'
import type { Warnings } from './warnings.ts'

/** A description, read: everything that is stored of it, as text. */
export interface SnapshotContents {
  hash: string
  operations: OperationRow[]
  definitions: DefinitionRow[]
  /** In the order of `operations`. */
  searchDocuments: SearchDocument[]
  servers: OpenapiServer[]
  authMethods: AuthMethod[]
  tagCounts: Record<string, number>
}

export interface SnapshotInput {
  documents: Documents
  flavor: Flavor
  knownMethods: readonly AuthMethod[]
  warnings: Warnings
}

/** Converts every operation, and every definition that an operation reaches. */
export function takeSnapshot(input: SnapshotInput): SnapshotContents {
  const { documents, flavor, warnings } = input
  const operations = listOperations(documents)
  const names = nameOperations(operations)
  const reader = flavor === 'swagger' ? swaggerReader(documents) : openapiReader(documents)
  const servers = readDocumentServers(documents, flavor)
  if (servers.length === 0 || servers.some(({ url }) => url.startsWith('/'))) {
    warnings.add('The document does not say which server answers: give the integration a base URL.')
  }
  const security = readDocumentSecurity(input, operations)
  const definitions = createDefinitions(documents)
  const rows = createRows('openapi')
  const context = { documents, definitions, reader, security, servers }
  const inNameOrder = names
    .map((name, index) => ({ name, operation: operations[index] as RawOperation }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
  const searchDocuments: SearchDocument[] = []
  const operationRows = inNameOrder.map(({ name, operation }) => {
    const converted = inPart(
      () => `${operation.method} ${operation.path.slice(0, 200)}`,
      () => convertOperation(operation, name, context),
    )
    searchDocuments.push(toSearchDocument(converted))
    return rows.toOperationRow(converted)
  })
  const definitionRows = convertDefinitions(definitions, rows, warnings)
  return {
    hash: snapshotHash(operationRows, definitionRows),
    operations: withDefinitionHashes(operationRows, definitionRows),
    definitions: definitionRows.map(({ name, json, refs }) => ({ name, json, refs })),
    searchDocuments,
    servers,
    authMethods: security.methods,
    tagCounts: countTags(operations),
  }
}

function openapiReader(documents: Documents): PartReader {
  const { url } = documents.main
  return {
    parameters: (operation) => readParameters(documents, operation),
    body: (operation) => readBody(documents, operation),
    responses: (operation) => readResponses(documents, operation),
    servers(operation) {
      const own = readServers(operation.value.servers, operation.document.url ?? url)
      if (own.length > 0) return own
      return readServers(operation.pathItem.servers, operation.pathDocument.url ?? url)
    },
  }
}

function swaggerReader(documents: Documents): PartReader {
  return {
    parameters: (operation) => readParameters(documents, operation, readSwaggerParameter),
    body: (operation) => readSwaggerBody(documents, operation),
    responses: (operation) => readSwaggerResponses(documents, operation),
    servers: () => [],
  }
}

function readDocumentServers({ main }: Documents, flavor: Flavor): OpenapiServer[] {
  if (flavor === 'swagger') return readSwaggerServers(main)
  const servers = readServers(main.root.servers, main.url)
  return servers.length > 0 ? servers : defaultServers(main.url)
}

function readDocumentSecurity(
  { documents, flavor, knownMethods }: SnapshotInput,
  operations: RawOperation[],
): Security {
  const { root } = documents.main
  const described =
    flavor === 'swagger'
      ? readSwaggerSchemes(root)
      : ownValue(ownValue(root, 'components'), 'securitySchemes')
  const resolve = (value: unknown) => documents.resolve(documents.main, value)?.value ?? null
  return readSecurity({
    schemes: readSchemes(described, resolve, toScheme),
    common: root.security,
    own: operations.map(({ value }) => value.security).filter((own) => own !== undefined),
    known: knownMethods,
    takesAuthorization: operations.some((operation) => takesAuthorization(documents, operation)),
  })
}

function takesAuthorization(documents: Documents, operation: RawOperation): boolean {
  const { parameters } = operation.value
  if (!Array.isArray(parameters)) return false
  return parameters.some((item) => {
    const parameter = documents.resolve(operation.document, item)?.value
    return parameter?.in === 'header' && /^authorization$/i.test(String(parameter.name))
  })
}

type Rows = ReturnType<typeof createRows>

function convertDefinitions(
  definitions: Definitions,
  rows: Rows,
  warnings: Warnings,
): HashedDefinition[] {
  const converted = new Map<string, HashedDefinition>()
  const sources = new Map<string, PendingDefinition>()
  const sameValue = new Map<string, SchemaContext['sameValue']>()
  function convert(definition: PendingDefinition, cut?: SchemaContext['cut']): void {
    const context = toContext(definition, definitions, cut)
    const schema: Schema = inPart(
      () => `The schema ${definition.name}`,
      () => toJsonSchema(definition.target.value, context, 0, 'whole'),
    )
    const row = rows.toDefinitionRow(definition.name, schema, [...context.refs].sort())
    converted.set(definition.name, row)
    sameValue.set(definition.name, context.sameValue)
  }
  for (let next = definitions.take(); next; next = definitions.take()) {
    sources.set(next.name, next)
    convert(next)
  }
  for (const { name, cut } of findEndless(sameValue)) {
    const source = sources.get(name)
    if (source) convert(source, cut)
    warnings.add(`The schema ${name} applies to itself without end: that part of it is left out.`)
  }
  return [...converted.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
}

function toContext(
  { target, scope }: PendingDefinition,
  definitions: Definitions,
  cut: SchemaContext['cut'],
): SchemaContext {
  return {
    document: target.base ?? target.document,
    scope,
    definitions,
    budget: createBudget(),
    refs: new Set(),
    sameValue: new Map(),
    ...(cut ? { cut } : {}),
  }
}

/**
 * Definitions that lead back to themselves without going into a part of the value, which no
 * validator survives. A union that lists its own variants is cut there; what remains is cut anywhere.
 */
function findEndless(
  sameValue: Map<string, SchemaContext['sameValue']>,
): { name: string; cut: Map<string, 'whole' | 'union'> }[] {
  const cuts = new Map<string, Map<string, 'whole' | 'union'>>()
  for (const kind of ['union', 'whole'] as const) {
    const edgesOf = (name: string) => {
      const cut = cuts.get(name)
      return [...(sameValue.get(name) ?? new Map<string, string>())]
        .filter(([target, place]) => cut?.get(target) !== 'whole' && cut?.get(target) !== place)
        .map(([target]) => target)
    }
    for (const component of findComponents([...sameValue.keys()].sort(), edgesOf)) {
      const members = new Set(component)
      for (const name of component) {
        for (const target of edgesOf(name)) {
          if (!members.has(target) || (component.length === 1 && target !== name)) continue
          if (kind === 'union' && sameValue.get(name)?.get(target) !== 'union') continue
          const cut = cuts.get(name) ?? new Map<string, 'whole' | 'union'>()
          cuts.set(name, cut.set(target, kind))
        }
      }
    }
  }
  return [...cuts].map(([name, cut]) => ({ name, cut }))
}

function countTags(operations: RawOperation[]): Record<string, number> {
  const counts = new Map<string, number>()
  for (const { value } of operations) {
    const tags = Array.isArray(value.tags)
      ? value.tags.filter((tag) => typeof tag === 'string')
      : []
    for (const tag of new Set(tags)) counts.set(tag, (counts.get(tag) ?? 0) + 1)
  }
  return Object.fromEntries(counts)
}
