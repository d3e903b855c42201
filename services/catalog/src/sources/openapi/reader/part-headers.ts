import type { Documents } from './documents.ts'
import { isObject, type JsonObject, ownValue, setOwn, textOf } from './json.ts'
import type { Content } from './parts.ts'
import { type Schema, type SchemaContext, toJsonSchema } from './schema.ts'

/** Described elsewhere: by `contentType`, and by the form itself. */
const OF_FIELDS = new Set(['content-type', 'content-disposition'])
/** A part without a name says here what it is. */
const OF_PLACES = new Set(['content-type'])

/** RFC 9110, 5.6.2. */
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/

/** Headers that a multipart field is sent with: what they always say, or null where a call decides. */
export function readPartHeaders(
  encoding: unknown,
  content: Content,
  documents: Documents,
): Record<string, string | null> | undefined {
  return readHeaders(listHeaders(encoding, content, documents))
}

/** The same for a part that has a place and no name; no call decides about those. */
export function readHeadersByPlace(encoding: unknown, content: Content, documents: Documents) {
  return readHeaders(listHeaders(encoding, content, documents, OF_PLACES))
}

function readHeaders(
  headers: ReturnType<typeof listHeaders>,
): Record<string, string | null> | undefined {
  const found: Record<string, string | null> = {}
  for (const { name, schema } of headers) {
    setOwn(found, name, fixedText(schema))
  }
  return Object.keys(found).length === 0 ? undefined : found
}

/** The argument that says what those headers are, by field; nothing where no field has any. */
export function toPartHeadersSchema(
  content: Content,
  documents: Documents,
  context: SchemaContext,
): JsonObject | undefined {
  const fields: JsonObject = {}
  for (const [field, encoding] of Object.entries(content.encoding ?? {})) {
    const headers: JsonObject = {}
    for (const { name, document, schema } of listHeaders(encoding, content, documents)) {
      setOwn(headers, name, toJsonSchema(schema, { ...context, document }, 3))
    }
    if (Object.keys(headers).length > 0) setOwn(fields, field, closed(headers))
  }
  return Object.keys(fields).length === 0
    ? undefined
    : { ...closed(fields), description: 'Headers of fields of the form, by field.' }
}

function closed(properties: JsonObject): JsonObject {
  return { type: 'object', properties, additionalProperties: false }
}

function listHeaders(
  encoding: unknown,
  { document }: Content,
  documents: Documents,
  ignored = OF_FIELDS,
) {
  const headers = ownValue(encoding, 'headers')
  return Object.entries(isObject(headers) ? headers : {}).flatMap(([name, value]) => {
    const header = documents.resolve(document, value)
    if (!header || !HEADER_NAME.test(name) || ignored.has(name.toLowerCase())) return []
    return [{ name, document: header.document, schema: header.value.schema as Schema | undefined }]
  })
}

function fixedText(schema: unknown): string | null {
  const choices = ownValue(schema, 'enum')
  const only = Array.isArray(choices) && choices.length === 1 ? choices[0] : undefined
  const fixed = ownValue(schema, 'const') ?? only ?? ownValue(schema, 'default')
  return textOf(fixed) ?? null
}
