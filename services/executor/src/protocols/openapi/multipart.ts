import { randomUUID } from 'node:crypto'
import type { OpenapiContent, OpenapiEncoding } from '@executor/contracts'
import { encodeStrict } from './encode.ts'
import { isToolFile, toFile } from './file.ts'
import { type Style, scalarText, writePairs } from './style.ts'

interface Part {
  headers: string[]
  bytes: Buffer | string
}

/** What a call says beside the fields themselves. */
export interface FormCall {
  /** By field, then by name. */
  headers: Readonly<Record<string, Readonly<Record<string, unknown>>>>
}

/** `multipart/*`; in `form-data` every part carries its field's name. */
export function writeMultipart(
  fields: object,
  content: OpenapiContent,
  call: FormCall = { headers: {} },
): { contentType: string; bytes: Buffer } {
  const boundary = `----executor-${randomUUID()}`
  const chunks: (Buffer | string)[] = []
  for (const { headers, bytes } of toParts(fields, content, call))
    chunks.push(`--${boundary}\r\n${headers.join('\r\n')}\r\n\r\n`, bytes, '\r\n')
  chunks.push(`--${boundary}--\r\n`)
  const mediaType = content.mediaType.split(';', 1)[0] ?? content.mediaType
  return {
    contentType: `${mediaType.trim()}; boundary=${boundary}`,
    bytes: Buffer.concat(chunks.map((chunk) => Buffer.from(chunk))),
  }
}

function toParts(fields: object, content: OpenapiContent, call: FormCall): Part[] {
  const { encoding = {}, files = [] } = content
  const isForm = isFormData(content)
  const entries = Object.entries(fields)
  // RFC 2387: what describes the files comes before them, however the arguments were ordered.
  if (!isForm) entries.sort(([a], [b]) => Number(files.includes(a)) - Number(files.includes(b)))
  return entries.flatMap(([field, value]) => {
    if (value === undefined || value === null) return []
    const how = Object.hasOwn(encoding, field) ? encoding[field] : undefined
    const headers = headerLines(field, how?.headers, call)
    const withHeaders = (part: Part): Part => ({ ...part, headers: [...part.headers, ...headers] })
    if (how?.style !== undefined || how?.explode !== undefined)
      return styledParts(field, value, how, isForm).map(withHeaders)
    const contentType = firstType(how?.contentType)
    // A list of values is a list of parts, unless it is said to be one JSON document.
    const values = Array.isArray(value) && !contentType?.includes('json') ? value : [value]
    return values.map((item) => {
      const isFile = isToolFile(item) || (files.includes(field) && typeof item === 'string')
      const write = isFile ? filePart : valuePart
      return withHeaders(write(field, item, contentType, isForm))
    })
  })
}

/** With a style, a field is written as a query parameter would be, but for the encoding. */
function styledParts(field: string, value: unknown, how: OpenapiEncoding, isForm: boolean): Part[] {
  const style = (how.style ?? 'form') as Style
  const explode = how.explode ?? (style === 'form' || style === 'deepObject')
  const writing = { name: encodeStrict(field), style, explode, encode: encodeStrict }
  return writePairs(value, writing).map((pair) => {
    const [name = '', text = ''] = pair.split('=', 2).map(decodeURIComponent)
    return valuePart(name, text, undefined, isForm)
  })
}

/** What the call says of a field's headers, else what the description does. */
function headerLines(
  field: string,
  described: OpenapiEncoding['headers'],
  { headers }: FormCall,
): string[] {
  if (!described) return []
  const given = Object.hasOwn(headers, field) ? headers[field] : undefined
  return Object.entries(described).flatMap(([name, fixed]) => {
    const value = given && Object.hasOwn(given, name) ? given[name] : fixed
    if (value === undefined || value === null) return []
    return [`${oneLine(name)}: ${oneLine(scalarText(value))}`]
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

function isFormData({ mediaType }: OpenapiContent): boolean {
  return /^multipart\/form-data/i.test(mediaType)
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
