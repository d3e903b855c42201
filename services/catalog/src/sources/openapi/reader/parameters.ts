import type { OpenapiParameter } from '@executor/contracts'
import type { Documents } from './documents.ts'
import { isObject, type JsonObject } from './json.ts'
import { readFlag, readText } from './keywords.ts'
import type { Parameter, RawOperation } from './parts.ts'
import type { SourceDocument } from './source-document.ts'

const LOCATIONS = new Set(['path', 'query', 'header', 'cookie'])
const STYLES = new Set([
  'matrix',
  'label',
  'simple',
  'form',
  'spaceDelimited',
  'pipeDelimited',
  'deepObject',
  'cookie',
])
/**
 * OpenAPI 4.8.12.1: described elsewhere, by the body, the responses and the security schemes. The
 * rest belong to the connection (RFC 9110, 7.6.1): whoever sends sets them.
 */
const IGNORED_HEADERS = new Set([
  'accept',
  'content-type',
  'authorization',
  'host',
  'connection',
  'content-length',
  'expect',
  'keep-alive',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

/** Reads one parameter object of OpenAPI 3; several where one stands for a whole query string. */
function readParameter(
  documents: Documents,
  document: SourceDocument,
  value: JsonObject,
): Parameter[] {
  const { name } = value
  if (value.in === 'querystring') return readQuerystring(documents, document, value)
  if (typeof name !== 'string' || name === '' || !LOCATIONS.has(String(value.in))) return []
  const location = value.in as Parameter['in']
  const [contentType, media] = isObject(value.content)
    ? (Object.entries(value.content)[0] ?? [])
    : []
  const content = documents.resolve(document, media)
  return [
    {
      document: content?.document ?? document,
      name,
      in: location,
      required: location === 'path' || value.required === true,
      description: readText(value.description),
      deprecated: value.deprecated === true,
      example: value.example,
      schema: value.schema ?? content?.value.schema ?? (contentType ? {} : { type: 'string' }),
      style: STYLES.has(String(value.style))
        ? (value.style as OpenapiParameter['style'])
        : undefined,
      explode: readFlag(value.explode),
      allowReserved: readFlag(value.allowReserved),
      contentType,
    },
  ]
}

/** OpenAPI 3.2's whole query string: one argument, written as its media type. */
function readQuerystring(
  documents: Documents,
  document: SourceDocument,
  value: JsonObject,
): Parameter[] {
  const [contentType, media] = isObject(value.content)
    ? (Object.entries(value.content)[0] ?? [])
    : []
  const content = documents.resolve(document, media)
  if (contentType === undefined || !content) return []
  return [
    {
      document: content.document,
      // It names nothing on the wire.
      name: readText(value.name) || 'querystring',
      in: 'querystring',
      required: value.required === true,
      description: readText(value.description),
      deprecated: value.deprecated === true,
      example: value.example,
      schema: content.value.schema ?? {},
      style: undefined,
      explode: undefined,
      allowReserved: undefined,
      contentType,
    },
  ]
}

/** Parameters of an operation: its own win over those of its path. */
export function readParameters(
  documents: Documents,
  operation: RawOperation,
  read: typeof readParameter = readParameter,
): Parameter[] {
  const byPlace = new Map<string, Parameter>()
  const lists = [
    { document: operation.pathDocument, list: operation.pathItem.parameters },
    { document: operation.document, list: operation.value.parameters },
  ]
  for (const { document, list } of lists) {
    if (!Array.isArray(list)) continue
    for (const item of list) {
      const target = documents.resolve(document, item)
      if (!target) continue
      for (const parameter of read(documents, target.document, target.value)) {
        if (isSent(parameter)) byPlace.set(`${parameter.in} ${parameter.name}`, parameter)
      }
    }
  }
  return completePath([...byPlace.values()], operation)
}

function isSent(parameter: Parameter): boolean {
  return parameter.in !== 'header' || !IGNORED_HEADERS.has(parameter.name.toLowerCase())
}

/** A path variable that nobody described is still needed; a described one that is nowhere is not. */
function completePath(parameters: Parameter[], { path, document }: RawOperation): Parameter[] {
  const variables = pathVariables(path)
  const kept = parameters.filter(
    (parameter) => parameter.in !== 'path' || variables.includes(parameter.name),
  )
  const described = new Set(
    kept.filter(({ in: place }) => place === 'path').map(({ name }) => name),
  )
  const added = variables
    .filter((name) => !described.has(name))
    .map(
      (name): Parameter => ({
        document,
        name,
        in: 'path',
        required: true,
        description: undefined,
        deprecated: false,
        example: undefined,
        schema: { type: 'string' },
        style: undefined,
        explode: undefined,
        allowReserved: undefined,
        contentType: undefined,
      }),
    )
  return added.length === 0 ? kept : [...added, ...kept]
}

function pathVariables(path: string): string[] {
  if (!path.includes('{')) return []
  return [...new Set([...path.matchAll(/\{([^{}]+)\}/g)].map((match) => match[1] ?? ''))]
}
