import { parseFailed } from '../document-error.ts'
import { filledText, isObject, type JsonObject, ownValue, setOwn } from '../json.ts'
import { readNames } from '../keywords.ts'
import type { Warnings } from '../warnings.ts'
import { addOperation, convertMethod } from './convert-method.ts'
import { convertCommonParameters } from './convert-parameters.ts'
import { convertSchema } from './convert-schema.ts'
import { convertScopes } from './convert-scopes.ts'
import { listMethods } from './list-methods.ts'

/** A document of Google's API Discovery Service, version 1. */
export function isDiscovery(root: JsonObject): boolean {
  return root.kind === 'discovery#restDescription' || 'discoveryVersion' in root
}

/** A Discovery document in the words of OpenAPI 3.1; nothing of what it describes is lost. */
export function convertDiscovery(root: JsonObject, warnings: Warnings): JsonObject {
  assertRest(root)
  const methods = listMethods(root)
  const common = convertCommonParameters(root.parameters)
  const credentials = convertScopes(root.auth, methods, common.takesKey)
  const { server, servicePath } = readServer(root)
  const context = {
    api: filledText(root.name) ?? '',
    servicePath,
    schemas: root.schemas,
    common,
    credentials,
    isWrapped: (readNames(root.features) ?? []).includes('dataWrapper'),
  }
  const paths: JsonObject = {}
  for (const method of methods) {
    for (const converted of convertMethod(method, context)) addOperation(paths, converted)
  }
  noteWhatIsLeft(root, methods, warnings)
  return {
    openapi: '3.1.0',
    info: {
      title: filledText(root.title) ?? filledText(root.canonicalName) ?? filledText(root.name),
      version: filledText(root.version),
      description: filledText(root.description),
    },
    servers: server === null ? [] : [{ url: server }],
    paths,
    components: {
      schemas: convertSchemas(root.schemas),
      parameters: common.described,
      securitySchemes: credentials.securitySchemes,
    },
  }
}

function assertRest(root: JsonObject): void {
  if (!isDiscovery(root)) {
    throw parseFailed(
      'The document is no Google Discovery document: it has no "discoveryVersion". Leave "specFormat" out to have it read as what it is.',
    )
  }
  const protocol = filledText(root.protocol) ?? 'rest'
  if (protocol !== 'rest') {
    throw parseFailed(
      `The document describes "${protocol.slice(0, 40)}", and only REST can be read.`,
    )
  }
}

/** Methods lie below the service's path, uploads below the root: both are written out in full. */
function readServer(root: JsonObject): { server: string | null; servicePath: string } {
  const rootUrl = filledText(root.rootUrl)
  if (rootUrl !== undefined) {
    return { server: rootUrl, servicePath: filledText(root.servicePath) ?? '' }
  }
  const base = URL.parse(filledText(root.baseUrl) ?? '')
  return base
    ? { server: base.origin, servicePath: base.pathname.slice(1) }
    : { server: null, servicePath: filledText(root.servicePath) ?? '' }
}

function convertSchemas(schemas: unknown): JsonObject {
  const converted: JsonObject = {}
  if (!isObject(schemas)) return converted
  for (const name of Object.keys(schemas)) {
    setOwn(converted, name, convertSchema(ownValue(schemas, name)))
  }
  return converted
}

function noteWhatIsLeft(
  root: JsonObject,
  methods: ReturnType<typeof listMethods>,
  warnings: Warnings,
): void {
  if (filledText(root.batchPath) !== undefined) {
    warnings.add('Batch requests are left out: every tool sends one request.')
  }
  const isResumable = ({ value }: { value: JsonObject }) =>
    isObject(ownValue(ownValue(value.mediaUpload, 'protocols'), 'resumable'))
  if (methods.some(isResumable)) {
    warnings.add('Resumable uploads are left out: files are sent whole, in one request.')
  }
}
