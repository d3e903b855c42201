import type { OpenapiServer } from '@executor/contracts'
import type { Documents } from './documents.ts'
import { isObject, type JsonObject, ownValue, setOwn } from './json.ts'
import { readNames, readText } from './keywords.ts'
import { isForm, isMultipart } from './media-types.ts'
import type { Body, Content, Parameter, RawOperation, Response } from './parts.ts'
import type { SourceDocument } from './source-document.ts'

/** Swagger 2.0, told in the parts that OpenAPI 3 has. */

const LOCATIONS = new Set(['path', 'query', 'header'])

/** A parameter of Swagger 2.0 is its own schema. */
export function readSwaggerParameter(
  _documents: Documents,
  document: SourceDocument,
  value: JsonObject,
): Parameter[] {
  const { name } = value
  if (typeof name !== 'string' || name === '' || !LOCATIONS.has(String(value.in))) return []
  const location = value.in as Parameter['in']
  const { description: _, ...schema } = value
  return [
    {
      document,
      name,
      in: location,
      required: location === 'path' || value.required === true,
      description: readText(value.description),
      deprecated: value.deprecated === true,
      example: value['x-example'],
      schema,
      ...collectionStyle(value),
      allowReserved: undefined,
      contentType: undefined,
    },
  ]
}

/** Lists are joined with commas unless the parameter says otherwise. */
function collectionStyle(value: JsonObject): Pick<Parameter, 'style' | 'explode'> {
  if (value.type !== 'array') return { style: undefined, explode: undefined }
  if (value.collectionFormat === 'multi') return { style: 'form', explode: true }
  if (value.collectionFormat === 'ssv') return { style: 'spaceDelimited', explode: false }
  if (value.collectionFormat === 'pipes') return { style: 'pipeDelimited', explode: false }
  if (value.collectionFormat === 'tsv') return { style: 'tabDelimited', explode: false }
  return value.in === 'query'
    ? { style: 'form', explode: false }
    : { style: 'simple', explode: false }
}

export function readSwaggerBody(documents: Documents, operation: RawOperation): Body | null {
  const parameters = listParameters(documents, operation)
  const consumes = readNames(operation.value.consumes) ?? readNames(documents.main.root.consumes)
  const body = parameters.find(({ value }) => value.in === 'body')
  if (body) {
    return {
      required: body.value.required === true,
      description: readText(body.value.description),
      contents: (consumes ?? ['application/json']).map((mediaType) =>
        toContent(body.document, mediaType, body.value.schema),
      ),
    }
  }
  const fields = parameters.filter(({ value }) => value.in === 'formData')
  return fields.length === 0 ? null : readForm(fields, consumes ?? [])
}

type Found = { document: SourceDocument; value: JsonObject }

function readForm(fields: Found[], consumes: string[]): Body {
  const properties: JsonObject = {}
  const encoding: JsonObject = {}
  for (const { value } of fields) {
    const name = String(value.name)
    setOwn(properties, name, value)
    if (value.type === 'array') setOwn(encoding, name, collectionStyle({ ...value, in: 'query' }))
  }
  const required = fields.filter(({ value }) => value.required === true)
  const schema = {
    type: 'object',
    properties,
    required: required.map(({ value }) => String(value.name)),
  }
  const hasFile = fields.some(({ value }) => value.type === 'file')
  const forms = consumes.filter((type) => isMultipart(type) || (isForm(type) && !hasFile))
  const fallback = hasFile ? 'multipart/form-data' : 'application/x-www-form-urlencoded'
  const document = (fields[0] as Found).document
  return {
    required: required.length > 0,
    description: undefined,
    contents: (forms.length === 0 ? [fallback] : forms).map((mediaType) => ({
      ...toContent(document, mediaType, schema),
      encoding: Object.keys(encoding).length === 0 ? undefined : encoding,
    })),
  }
}

function listParameters(documents: Documents, operation: RawOperation): Found[] {
  const byPlace = new Map<string, Found>()
  const lists = [
    { document: operation.pathDocument, list: operation.pathItem.parameters },
    { document: operation.document, list: operation.value.parameters },
  ]
  for (const { document, list } of lists) {
    if (!Array.isArray(list)) continue
    for (const item of list) {
      const found = documents.resolve(document, item)
      if (found) byPlace.set(`${String(found.value.in)} ${String(found.value.name)}`, found)
    }
  }
  return [...byPlace.values()]
}

export function readSwaggerResponses(documents: Documents, operation: RawOperation): Response[] {
  const { responses } = operation.value
  if (!isObject(responses)) return []
  const produces = readNames(operation.value.produces) ??
    readNames(documents.main.root.produces) ?? ['application/json']
  return Object.entries(responses).flatMap(([status, value]) => {
    if (!/^([1-5]\d\d|default)$/.test(status)) return []
    const response = documents.resolve(operation.document, value)
    const headers = Object.keys(isObject(response?.value.headers) ? response.value.headers : {})
    if (!response || response.value.schema === undefined) return [{ status, contents: [], headers }]
    const { document } = response
    const contents = produces.map((type) => toContent(document, type, response.value.schema))
    return [{ status, contents, headers }]
  })
}

function toContent(document: SourceDocument, mediaType: string, schema: unknown): Content {
  return {
    document,
    mediaType,
    schema,
    itemSchema: undefined,
    encoding: undefined,
    prefixEncoding: [],
    itemEncoding: undefined,
  }
}

/** `schemes`, `host` and `basePath`; what is missing is that of the document's own address. */
export function readSwaggerServers(main: SourceDocument): OpenapiServer[] {
  const { root } = main
  const own = main.url ? URL.parse(main.url) : null
  const host = readText(root.host) ?? own?.host
  const basePath = readText(root.basePath) ?? ''
  if (!host) return []
  const schemes = (readNames(root.schemes) ?? []).filter((scheme) => /^https?$/.test(scheme))
  const scheme = schemes.includes('https')
    ? 'https'
    : (schemes[0] ?? own?.protocol.slice(0, -1) ?? 'https')
  return [{ url: `${scheme}://${host}${basePath === '/' ? '' : basePath}` }]
}

/** Swagger 2.0's security definitions in the words of OpenAPI 3. */
export function readSwaggerSchemes(root: JsonObject): JsonObject {
  const schemes: JsonObject = {}
  const definitions = ownValue(root, 'securityDefinitions')
  if (!isObject(definitions)) return schemes
  for (const [name, value] of Object.entries(definitions)) {
    if (isObject(value)) setOwn(schemes, name, toScheme(value))
  }
  return schemes
}

const FLOWS: Record<string, string> = {
  implicit: 'implicit',
  password: 'password',
  application: 'clientCredentials',
  accessCode: 'authorizationCode',
}

function toScheme(value: JsonObject): JsonObject {
  if (value.type === 'basic') {
    return { type: 'http', scheme: 'basic', description: value.description }
  }
  if (value.type !== 'oauth2') return value
  const flow = FLOWS[String(value.flow)] ?? 'authorizationCode'
  const { authorizationUrl, tokenUrl, scopes, description } = value
  return { type: 'oauth2', description, flows: { [flow]: { authorizationUrl, tokenUrl, scopes } } }
}
