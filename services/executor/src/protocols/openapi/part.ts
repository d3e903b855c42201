import type { OpenapiContent } from '@executor/contracts'
import { toFile } from './file.ts'
import { scalarText } from './style.ts'

/** One part of a multipart body. */
export interface Part {
  headers: string[]
  bytes: Buffer | string
}

export function filePart(
  field: string,
  value: unknown,
  declared: string | undefined,
  isForm: boolean,
): Part {
  const { bytes, mimeType, name } = toFile(`body.${field}`, value)
  const filename = escapeName(name ?? field)
  const disposition = `Content-Disposition: form-data; name="${escapeName(field)}"; filename="${filename}"`
  const type = `Content-Type: ${oneLine(declared ?? mimeType ?? 'application/octet-stream')}`
  return { headers: isForm ? [disposition, type] : [type], bytes }
}

export function valuePart(
  field: string,
  value: unknown,
  declared: string | undefined,
  isForm: boolean,
): Part {
  const isStructured = typeof value === 'object'
  const contentType = declared ?? (isStructured ? 'application/json' : undefined)
  const text = contentType?.includes('json') ? JSON.stringify(value) : scalarText(value)
  return { headers: partHeaders(field, contentType, isForm), bytes: text }
}

/** What a part is called, in a form, and what it is. */
export function partHeaders(
  field: string,
  contentType: string | undefined,
  isForm: boolean,
): string[] {
  return [
    ...(isForm ? [`Content-Disposition: form-data; name="${escapeName(field)}"`] : []),
    ...(contentType ? [`Content-Type: ${oneLine(contentType)}`] : []),
  ]
}

export function isFormData({ mediaType }: OpenapiContent): boolean {
  return /^multipart\/form-data/i.test(mediaType)
}

/** `image/png, image/jpeg` allows either; a wildcard names none. */
export function firstType(declared: string | undefined): string | undefined {
  const first = declared?.split(',', 1)[0]?.trim()
  return first === undefined || first === '' || first.includes('*') ? undefined : first
}

/** As browsers write names (HTML, multipart/form-data encoding). */
function escapeName(name: string): string {
  return name.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

export function oneLine(text: string): string {
  return text.replace(/[\r\n\0]/g, '')
}
