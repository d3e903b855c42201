import { randomUUID } from 'node:crypto'
import type { OpenapiContent } from '@executor/contracts'
import { isToolFile, toFile } from './file.ts'
import { scalarText } from './style.ts'

interface Part {
  headers: string[]
  bytes: Buffer | string
}

/** `multipart/*`; in `form-data` every part carries its field's name. */
export function writeMultipart(
  fields: object,
  content: OpenapiContent,
): { contentType: string; bytes: Buffer } {
  const boundary = `----executor-${randomUUID()}`
  const isForm = /^multipart\/form-data/i.test(content.mediaType)
  const chunks: (Buffer | string)[] = []
  for (const { headers, bytes } of toParts(fields, content, isForm))
    chunks.push(`--${boundary}\r\n${headers.join('\r\n')}\r\n\r\n`, bytes, '\r\n')
  chunks.push(`--${boundary}--\r\n`)
  const mediaType = content.mediaType.split(';', 1)[0] ?? content.mediaType
  return {
    contentType: `${mediaType.trim()}; boundary=${boundary}`,
    bytes: Buffer.concat(chunks.map((chunk) => Buffer.from(chunk))),
  }
}

function toParts(fields: object, content: OpenapiContent, isForm: boolean): Part[] {
  const { encoding = {}, files = [] } = content
  const entries = Object.entries(fields)
  // RFC 2387: what describes the files comes before them, however the arguments were ordered.
  if (!isForm) entries.sort(([a], [b]) => Number(files.includes(a)) - Number(files.includes(b)))
  return entries.flatMap(([field, value]) => {
    if (value === undefined || value === null) return []
    const declared = Object.hasOwn(encoding, field) ? encoding[field]?.contentType : undefined
    const contentType = firstType(declared)
    // A list of values is a list of parts, unless it is said to be one JSON document.
    const values = Array.isArray(value) && !contentType?.includes('json') ? value : [value]
    return values.map((item) => {
      const isFile = isToolFile(item) || (files.includes(field) && typeof item === 'string')
      return isFile
        ? filePart(field, item, contentType, isForm)
        : valuePart(field, item, contentType, isForm)
    })
  })
}

function filePart(
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

function valuePart(
  field: string,
  value: unknown,
  declared: string | undefined,
  isForm: boolean,
): Part {
  const isStructured = typeof value === 'object'
  const contentType = declared ?? (isStructured ? 'application/json' : undefined)
  const text = contentType?.includes('json') ? JSON.stringify(value) : scalarText(value)
  const headers = isForm ? [`Content-Disposition: form-data; name="${escapeName(field)}"`] : []
  if (contentType) headers.push(`Content-Type: ${oneLine(contentType)}`)
  return { headers, bytes: text }
}

/** `image/png, image/jpeg` allows either; a wildcard names none. */
function firstType(declared: string | undefined): string | undefined {
  const first = declared?.split(',', 1)[0]?.trim()
  return first === undefined || first === '' || first.includes('*') ? undefined : first
}

/** As browsers write names (HTML, multipart/form-data encoding). */
function escapeName(name: string): string {
  return name.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function oneLine(text: string): string {
  return text.replace(/[\r\n\0]/g, '')
}
