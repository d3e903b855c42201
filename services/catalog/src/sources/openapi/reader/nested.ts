import type { OpenapiContent } from '@executor/contracts'
import type { Documents } from './documents.ts'
import { isObject, ownValue } from './json.ts'
import { readText } from './keywords.ts'
import { isMultipart } from './media-types.ts'
import type { Content } from './parts.ts'
import type { Schema } from './schema.ts'
import type { SourceDocument } from './source-document.ts'

/** How a body is sent, and what is asked for it. */
export interface Written {
  content: OpenapiContent
  schema: Schema
}

/** How a part with parts of its own is sent; null where that goes too deep. */
export type Nest = (content: Content) => Written | null

interface Part {
  schema: unknown
  /** Where the schema stands. */
  document: SourceDocument
  /** Where the encoding stands. */
  within: SourceDocument
}

/** A part that is multipart itself (OpenAPI 3.2, "Nested Encoding"); null for every other. */
export function nestedContent(
  encoding: unknown,
  { schema, document, within }: Part,
  documents: Documents,
): Content | null {
  const mediaType = readText(ownValue(encoding, 'contentType'))
  if (mediaType === undefined || !isMultipart(mediaType)) return null
  const root = documents.resolve(document, schema)
  if (!root || root.value.type === 'string') return null
  const fields = ownValue(encoding, 'encoding')
  const prefixEncoding = ownValue(encoding, 'prefixEncoding')
  return {
    document: within,
    mediaType,
    schema: root.value,
    itemSchema: undefined,
    encoding: isObject(fields) ? fields : undefined,
    prefixEncoding: Array.isArray(prefixEncoding) ? prefixEncoding : [],
    itemEncoding: ownValue(encoding, 'itemEncoding'),
  }
}
