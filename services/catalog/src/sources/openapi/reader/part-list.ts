import type { OpenapiContent, OpenapiPart } from '@executor/contracts'
import type { Documents } from './documents.ts'
import { isFile, toFileField } from './file-field.ts'
import { type JsonObject, ownValue } from './json.ts'
import { readCount, readText } from './keywords.ts'
import { type Nest, nestedContent } from './nested.ts'
import { readHeadersByPlace } from './part-headers.ts'
import type { Content } from './parts.ts'
import { type Schema, type SchemaContext, toJsonSchema } from './schema.ts'
import type { LocatedObject } from './source-document.ts'

interface PartList {
  parts: NonNullable<OpenapiContent['parts']>
  schema: JsonObject
}

/**
 * A multipart body that is a list, each item a part (OpenAPI 3.2, "Encoding By Position"); null for
 * one whose parts are an object's properties.
 */
export function toPartList(
  { content, root, documents }: Listed,
  context: SchemaContext,
  nest: Nest,
): PartList | null {
  const { itemSchema, prefixEncoding, itemEncoding } = content
  const { type, prefixItems, items, minItems, maxItems, description } = root?.value ?? {}
  const first: unknown[] = Array.isArray(prefixItems) ? prefixItems : []
  if (itemSchema === undefined && type !== 'array' && first.length === 0) return null

  const inner = { ...context, document: root?.document ?? content.document }
  const ofItem = itemSchema === undefined ? inner : { ...context, document: content.document }
  const other = itemSchema ?? items
  const toPart = (schema: unknown, encoding: unknown, within: SchemaContext) =>
    readPart(schema, encoding, { content, documents, context: within, nest })
  const leading = first.map((schema, at) => toPart(schema, prefixEncoding[at], inner))
  const rest = toPart(other, itemEncoding, ofItem)
  const bounds = { minItems: readCount(minItems), maxItems: readCount(maxItems) }
  return {
    parts: { first: leading.map(({ part }) => part), other: rest.part },
    schema: {
      type: 'array',
      ...(leading.length > 0 ? { prefixItems: leading.map(({ schema }) => schema) } : {}),
      ...(other === undefined ? {} : { items: rest.schema }),
      ...Object.fromEntries(Object.entries(bounds).filter(([, count]) => count !== undefined)),
      ...(typeof description === 'string' ? { description } : {}),
    },
  }
}

interface Listed {
  content: Content
  /** Its schema, resolved. */
  root: LocatedObject | null
  documents: Documents
}

interface Place {
  content: Content
  documents: Documents
  context: SchemaContext
  nest: Nest
}

function readPart(
  schema: unknown,
  encoding: unknown,
  { content, documents, context, nest }: Place,
): { part: OpenapiPart; schema: Schema } {
  const contentType = readText(ownValue(encoding, 'contentType'))
  const headers = readHeadersByPlace(encoding, content, documents)
  const at = { schema, document: context.document, within: content.document }
  const inner = nestedContent(encoding, at, documents)
  const nested = inner && nest(inner)
  const field = documents.resolve(context.document, schema)
  const isOneFile = field?.value.type !== 'array' && isFile(field, documents, contentType)
  const converted = typeof schema === 'boolean' ? schema : toJsonSchema(schema, context, 2)
  return {
    part: {
      ...(contentType === undefined ? {} : { contentType }),
      ...(headers === undefined ? {} : { headers }),
      ...(isOneFile ? { file: true } : {}),
      ...(nested ? { content: nested.content } : {}),
    },
    schema: nested?.schema ?? (isOneFile ? toFileField(converted, context) : converted),
  }
}
