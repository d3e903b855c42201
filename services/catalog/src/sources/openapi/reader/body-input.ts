import type { OpenapiContent, OpenapiEncoding } from '@executor/contracts'
import type { Documents } from './documents.ts'
import { isFile, toFileField } from './file-field.ts'
import { isObject, type JsonObject, ownValue, setOwn } from './json.ts'
import { readFlag, readText } from './keywords.ts'
import { SEARCH_FIELDS_MAX } from './limits.ts'
import {
  essence,
  isBinary,
  isEventStream,
  isForm,
  isJson,
  isMultipart,
  isStream,
} from './media-types.ts'
import { type Nest, nestedContent, type Written } from './nested.ts'
import { readPartHeaders, toPartHeadersSchema } from './part-headers.ts'
import { toPartList } from './part-list.ts'
import type { Body, Content } from './parts.ts'
import { type Schema, type SchemaContext, toJsonSchema } from './schema.ts'
import type { LocatedObject, SourceDocument } from './source-document.ts'

/** The arguments that carry a request body, and how each media type writes it. */
export interface BodyInput {
  properties: Record<string, Schema>
  required: string[]
  contents: OpenapiContent[]
  fields: { name: string; description?: string }[]
}

export function toBodyInput(body: Body, documents: Documents, context: SchemaContext): BodyInput {
  const written = body.contents.map((content) => toWritten(content, documents, context))
  const structured = written.filter(({ content }) => !content.binary)
  const binary = written.filter(({ content }) => content.binary)
  const properties: Record<string, Schema> = {}
  if (structured.length > 0) {
    properties.body = withDescription(
      toUnion(structured.map(({ schema }) => schema)),
      body.description,
    )
  }
  if (binary.length > 0) {
    properties.bodyBase64 = {
      type: 'string',
      contentEncoding: 'base64',
      description: body.description ?? 'The bytes to send, in base64.',
    }
  }
  const form = body.contents.find(({ mediaType }) => isMultipart(mediaType))
  const partHeaders = form && toPartHeadersSchema(form, documents, context)
  if (partHeaders) properties.bodyHeaders = partHeaders
  if (written.length > 1) {
    const types = written.map(({ content }) => content.mediaType)
    properties.contentType = {
      type: 'string',
      enum: types,
      default: types[0],
      description: 'How the body is written.',
    }
  }
  const carriers = ['body', 'bodyBase64'].filter((name) => properties[name] !== undefined)
  return {
    properties,
    required: body.required && carriers.length === 1 ? carriers : [],
    contents: written.map(({ content }) => content),
    fields: body.contents[0] ? listFields(body.contents[0], documents) : [],
  }
}

/** Multipart bodies within each other; the innermost are written as their values. */
const NESTED_MAX = 3

/** `depth` counts the multipart bodies around this one. */
function toWritten(
  content: Content,
  documents: Documents,
  context: SchemaContext,
  depth = 0,
): Written {
  const { mediaType, document } = content
  const inner = { ...context, document }
  const root = documents.resolve(document, content.schema)
  if (isBinary(mediaType) || (isRawBytes(root) && !isText(mediaType))) {
    return { content: { mediaType, binary: true }, schema: {} }
  }
  const nest: Nest = (part) =>
    depth < NESTED_MAX ? toWritten(part, documents, inner, depth + 1) : null
  const list = isMultipart(mediaType) ? toPartList({ content, root, documents }, inner, nest) : null
  if (list) return { content: { mediaType, parts: list.parts }, schema: list.schema }
  const nested = isMultipart(mediaType)
    ? nestedFields(content, root, documents, nest)
    : new Map<string, Written>()
  const encoding = toEncoding(content, documents, nested)
  const bound = { mediaType, ...(encoding ? { encoding } : {}) }
  if (isMultipart(mediaType) && isRawBytes(root)) {
    return { content: { ...bound, files: [ONLY_FILE] }, schema: toFormOfOneFile(inner) }
  }
  if (isMultipart(mediaType)) {
    const files = findFiles(root, content, documents).filter((name) => !nested.has(name))
    if ((files.length > 0 || nested.size > 0) && root) {
      return {
        content: { ...bound, ...(files.length > 0 ? { files } : {}) },
        schema: toFormOfParts(root, { files, nested }, documents, inner),
      }
    }
  }
  if (isStream(mediaType) && !isEventStream(mediaType)) {
    return { content: bound, schema: toStreamSchema(content, root, inner) }
  }
  if (!isJson(mediaType) && !isForm(mediaType) && !isMultipart(mediaType)) {
    const isPlain = root === null || root.value.type === 'string'
    if (!isPlain || content.schema === undefined) {
      return {
        content: bound,
        schema: { type: 'string', description: `The body as ${mediaType}.` },
      }
    }
  }
  return { content: bound, schema: toJsonSchema(content.schema ?? {}, inner, 1) }
}

/** What nearly everybody calls the field of a form that is one file and nothing else. */
const ONLY_FILE = 'file'

/** Some describe a form by its file alone, and leave the field's name to the reader. */
function toFormOfOneFile(context: SchemaContext): JsonObject {
  const properties = { [ONLY_FILE]: toFileField({}, context) }
  return { type: 'object', properties, required: [ONLY_FILE] }
}

/** One JSON value after another: a list of them. */
function toStreamSchema(
  { schema, itemSchema }: Content,
  root: LocatedObject | null,
  context: SchemaContext,
): Schema {
  if (itemSchema === undefined && root?.value.type === 'array')
    return toJsonSchema(schema, context, 1)
  const item = itemSchema ?? (root?.value.type === 'string' ? {} : schema)
  return { type: 'array', items: toJsonSchema(item ?? {}, context, 1) }
}

function isRawBytes(root: LocatedObject | null): boolean {
  return root?.value.format === 'binary' && root.value.type === 'string'
}

function isText(mediaType: string): boolean {
  return essence(mediaType).startsWith('text/') || isForm(mediaType) || isMultipart(mediaType)
}

/** Fields of a multipart form that are files: by their schema, or by the type they are sent as. */
function findFiles(root: LocatedObject | null, content: Content, documents: Documents): string[] {
  if (!root) return []
  return properties(root, documents).flatMap(({ name, document, schema }) => {
    const type = readText(ownValue(ownValue(content.encoding, name), 'contentType'))
    return isFile(documents.resolve(document, schema), documents, type) ? [name] : []
  })
}

/** Fields of a form that are multipart themselves. */
function nestedFields(
  { encoding, document: within }: Content,
  root: LocatedObject | null,
  documents: Documents,
  nest: Nest,
): Map<string, Written> {
  const found = new Map<string, Written>()
  if (!root || !encoding) return found
  for (const { name, document, schema } of properties(root, documents)) {
    const part = nestedContent(ownValue(encoding, name), { schema, document, within }, documents)
    const written = part && nest(part)
    if (written) found.set(name, written)
  }
  return found
}

/** The form's own schema, with a place for a file where it asks for bytes. */
function toFormOfParts(
  root: LocatedObject,
  { files, nested }: { files: string[]; nested: Map<string, Written> },
  documents: Documents,
  context: SchemaContext,
): JsonObject {
  const { allOf: _, properties: __, required: ___, $ref: ____, ...rest } = root.value
  const form = toJsonSchema(rest, { ...context, document: root.document }, 1)
  const converted: JsonObject = {}
  const required = requiredNames(root, documents)
  for (const { name, document, schema } of properties(root, documents)) {
    const field = nested.get(name)?.schema ?? toJsonSchema(schema, { ...context, document }, 2)
    setOwn(converted, name, files.includes(name) ? toFileField(field, context) : field)
  }
  return {
    ...(typeof form === 'object' ? form : {}),
    type: 'object',
    properties: converted,
    ...(required.length > 0 ? { required } : {}),
  }
}

interface Property {
  name: string
  document: SourceDocument
  schema: unknown
}

/** A schema's own properties and those of the schemas it is made of. */
function properties(root: LocatedObject, documents: Documents, depth = 0): Property[] {
  const { document, value } = root
  const own = isObject(value.properties)
    ? Object.entries(value.properties).map(([name, schema]) => ({ name, document, schema }))
    : []
  if (!Array.isArray(value.allOf) || depth > 3) return own
  const inherited = value.allOf.flatMap((part) => {
    const found = documents.resolve(document, part)
    return found ? properties(found, documents, depth + 1) : []
  })
  return [...inherited, ...own]
}

function requiredNames(root: LocatedObject, documents: Documents, depth = 0): string[] {
  const { document, value } = root
  const own = Array.isArray(value.required)
    ? value.required.filter((name): name is string => typeof name === 'string')
    : []
  if (!Array.isArray(value.allOf) || depth > 3) return own
  const inherited = value.allOf.flatMap((part) => {
    const found = documents.resolve(document, part)
    return found ? requiredNames(found, documents, depth + 1) : []
  })
  return [...new Set([...inherited, ...own])]
}

/** OpenAPI 3.0 knows styles in URL-encoded forms only; 3.1 and Swagger 2.0 in both kinds of form. */
function hasStyles({ mediaType, document }: Content): boolean {
  return isForm(mediaType) || document.dialect === '3.1' || document.root.swagger !== undefined
}

function toEncoding(
  content: Content,
  documents: Documents,
  nested: Map<string, Written>,
): OpenapiContent['encoding'] {
  if (!content.encoding) return undefined
  const withStyles = hasStyles(content)
  const entries = Object.entries(content.encoding).flatMap(([name, value]) => {
    if (!isObject(value)) return []
    const contentType = readText(value.contentType)
    const headers = isMultipart(content.mediaType)
      ? readPartHeaders(value, content, documents)
      : undefined
    const within = nested.get(name)?.content
    const field = {
      ...(contentType === undefined ? {} : { contentType }),
      ...(withStyles ? readStyle(value) : {}),
      ...(headers === undefined ? {} : { headers }),
      ...(within === undefined ? {} : { content: within }),
    }
    return Object.keys(field).length === 0 ? [] : [[name, field] as const]
  })
  return entries.length === 0 ? undefined : Object.fromEntries(entries)
}

function readStyle(
  encoding: JsonObject,
): Pick<OpenapiEncoding, 'style' | 'explode' | 'allowReserved'> {
  const style = readText(encoding.style)
  const explode = readFlag(encoding.explode)
  const allowReserved = readFlag(encoding.allowReserved)
  return {
    ...(style === undefined ? {} : { style }),
    ...(explode === undefined ? {} : { explode }),
    ...(allowReserved === undefined ? {} : { allowReserved }),
  }
}

/** One schema where all media types share it, otherwise any of them. */
export function toUnion(schemas: Schema[]): Schema {
  const distinct = new Map(schemas.map((schema) => [JSON.stringify(schema), schema]))
  const members = [...distinct.values()]
  return members.length === 1 ? (members[0] as Schema) : { anyOf: members }
}

function withDescription(schema: Schema, description: string | undefined): Schema {
  if (!description || typeof schema === 'boolean') return schema
  return schema.description === undefined ? { ...schema, description } : schema
}

function listFields(content: Content, documents: Documents): BodyInput['fields'] {
  const root = documents.resolve(content.document, content.schema)
  if (!root) return []
  return properties(root, documents)
    .slice(0, SEARCH_FIELDS_MAX)
    .map(({ name, schema }) => {
      const description = readText(ownValue(schema, 'description'))
      return { name, ...(description ? { description } : {}) }
    })
}
