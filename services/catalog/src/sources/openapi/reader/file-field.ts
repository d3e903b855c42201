import type { Documents } from './documents.ts'
import { isBinary } from './media-types.ts'
import type { Schema, SchemaContext } from './schema.ts'
import type { LocatedObject } from './source-document.ts'
import { toToolFile } from './tool-file.ts'

/** Whether a part of a multipart body is a file, or a list of files: by its schema or its type. */
export function isFile(
  field: LocatedObject | null,
  documents: Documents,
  sentAs: string | undefined,
  depth = 0,
): boolean {
  if (!field || depth > 2) return false
  const { type, format, items, contentMediaType, contentEncoding } = field.value
  if (type === 'array') {
    return isFile(documents.resolve(field.document, items), documents, sentAs, depth + 1)
  }
  if (contentEncoding !== undefined || format === 'byte') return false
  if (type === 'file' || format === 'binary') return true
  if (typeof contentMediaType === 'string') return isBinary(contentMediaType)
  const types = (sentAs ?? '').split(',').filter((part) => part.trim() !== '')
  return type !== 'object' && types.length > 0 && types.every(isBinary)
}

/** A place for a file, or for several, with the words of the part it stands for. */
export function toFileField(field: Schema, context: SchemaContext): Schema {
  const own = typeof field === 'object' ? field : {}
  const words = own.description === undefined ? {} : { description: own.description }
  const bytes = { type: 'string', contentEncoding: 'base64' }
  const one = { anyOf: [toToolFile(context), bytes] }
  return own.type === 'array' ? { type: 'array', items: one, ...words } : { ...one, ...words }
}
