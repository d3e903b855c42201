import SwaggerParser from '@apidevtools/swagger-parser'

export type JsonObject = Record<string, unknown>

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** An operation as an independent parser sees it, every reference followed. */
export interface DescribedOperation {
  /** In capitals. */
  method: string
  path: string
  operation: JsonObject
  parameters: DescribedParameter[]
  /** Media types of the body with what each says; `null` where it takes none. */
  body: { required: boolean; contents: [mediaType: string, media: JsonObject][] } | null
}

export interface DescribedParameter extends JsonObject {
  name: string
  in: string
}

export interface DescribedDocument {
  root: JsonObject & { paths: Record<string, JsonObject> }
  /** `2.0`, `3.0`, `3.1`… */
  version: string
  isSwagger: boolean
  operations: DescribedOperation[]
}

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace']

/** Reads and dereferences a description, cycles and other files included, without any code of ours. */
export async function readDocument(path: string): Promise<DescribedDocument> {
  const parsed: unknown = await SwaggerParser.dereference(path)
  const root = parsed as DescribedDocument['root']
  const isSwagger = 'swagger' in root
  const operations = Object.entries(root.paths).flatMap(([route, item]) =>
    METHODS.flatMap((method) => {
      const operation = item[method]
      return isObject(operation) ? [describe(root, route, method, item, operation, isSwagger)] : []
    }),
  )
  const version = String(root.swagger ?? root.openapi).slice(0, 3)
  return { root, version, isSwagger, operations }
}

function describe(
  root: JsonObject,
  path: string,
  method: string,
  item: JsonObject,
  operation: JsonObject,
  isSwagger: boolean,
): DescribedOperation {
  const all = new Map<string, DescribedParameter>()
  for (const list of [item.parameters, operation.parameters]) {
    for (const parameter of Array.isArray(list) ? (list as DescribedParameter[]) : [])
      all.set(`${parameter.in} ${parameter.name}`, parameter)
  }
  const parameters = [...all.values()]
  const body = isSwagger ? swaggerBody(root, operation, parameters) : openapiBody(operation)
  return { method: method.toUpperCase(), path, operation, parameters, body }
}

function openapiBody({ requestBody }: JsonObject): DescribedOperation['body'] {
  if (!isObject(requestBody) || !isObject(requestBody.content)) return null
  const contents = Object.entries(requestBody.content) as [string, JsonObject][]
  return contents.length === 0 ? null : { required: requestBody.required === true, contents }
}

/** Swagger 2.0's body and form parameters as the body they describe. */
function swaggerBody(
  root: JsonObject,
  operation: JsonObject,
  parameters: DescribedParameter[],
): DescribedOperation['body'] {
  const consumes = (operation.consumes ?? root.consumes ?? []) as string[]
  const body = parameters.find((parameter) => parameter.in === 'body')
  if (body) {
    const [type = 'application/json'] = consumes
    return { required: body.required === true, contents: [[type, { schema: body.schema }]] }
  }
  const fields = parameters.filter((parameter) => parameter.in === 'formData')
  if (fields.length === 0) return null
  const properties = Object.fromEntries(fields.map((field) => [field.name, field]))
  const required = fields.filter((field) => field.required === true).map(({ name }) => name)
  const hasFile = fields.some((field) => field.type === 'file')
  const fallback = hasFile ? 'multipart/form-data' : 'application/x-www-form-urlencoded'
  const type =
    consumes.find(
      (name) => name === 'multipart/form-data' || (name.includes('urlencoded') && !hasFile),
    ) ?? fallback
  const encoding = Object.fromEntries(
    fields.flatMap(({ name, type: kind, collectionFormat }) =>
      kind === 'array' ? [[name, { style: 'form', explode: collectionFormat === 'multi' }]] : [],
    ),
  )
  const schema = { type: 'object', properties, required }
  return { required: required.length > 0, contents: [[type, { schema, encoding }]] }
}
