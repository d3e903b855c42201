import { isObject, type JsonObject } from './document.ts'

/** Whether a field of a multipart form is a file: OpenAPI 4.15.4, "Encoding Object". */
export function isFileField(media: JsonObject, name: string): boolean {
  const field = fieldOf(media.schema, name)
  const inner = isObject(field) && field.type === 'array' ? field.items : field
  return isObject(inner) && (inner.type === 'file' || inner.format === 'binary')
}

/** A field's schema, in the form's own or in one that it is made of. */
export function fieldOf(schema: unknown, name: string): unknown {
  if (!isObject(schema)) return undefined
  if (isObject(schema.properties) && schema.properties[name] !== undefined)
    return schema.properties[name]
  for (const list of [schema.allOf, schema.oneOf, schema.anyOf])
    for (const part of Array.isArray(list) ? list : []) {
      const found = fieldOf(part, name)
      if (found !== undefined) return found
    }
  return undefined
}

/** What a file field is declared to be sent as; wildcards name no type. */
export function fileType({ encoding }: JsonObject, name: string): string {
  const how = isObject(encoding) ? encoding[name] : undefined
  const declared = isObject(how) && typeof how.contentType === 'string' ? how.contentType : '*/*'
  const [first = ''] = declared.split(',')
  return first.includes('*') ? 'application/octet-stream' : first.trim()
}
