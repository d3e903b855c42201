import { randomUUID } from 'node:crypto'
import type { OpenapiContent, OpenapiEncoding } from '@executor/contracts'
import { encodeStrict } from './encode.ts'
import { isToolFile } from './file.ts'
import {
  filePart,
  firstType,
  isFormData,
  oneLine,
  type Part,
  partHeaders,
  valuePart,
} from './part.ts'
import { type Style, scalarText, writePairs } from './style.ts'

/** What a call says beside the fields themselves. */
export interface FormCall {
  /** By field, then by name. */
  headers: Readonly<Record<string, Readonly<Record<string, unknown>>>>
}

/** `multipart/*`, of fields or of a list; in `form-data` every part carries its field's name. */
export function writeMultipart(
  fields: object | readonly unknown[],
  content: OpenapiContent,
  call: FormCall = { headers: {} },
): { contentType: string; bytes: Buffer } {
  const boundary = `----executor-${randomUUID()}`
  const chunks: (Buffer | string)[] = []
  const parts = Array.isArray(fields) ? listParts(fields, content) : toParts(fields, content, call)
  for (const { headers, bytes } of parts)
    chunks.push(
      `--${boundary}\r\n${headers.map((line) => `${line}\r\n`).join('')}\r\n`,
      bytes,
      '\r\n',
    )
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
    const isOne = contentType?.includes('json') || how?.content?.parts !== undefined
    const values = Array.isArray(value) && !isOne ? value : [value]
    return values.map((item) => {
      if (how?.content && hasParts(item, how.content))
        return withHeaders(nestedPart(field, item, how.content, isForm))
      const isFile = isToolFile(item) || (files.includes(field) && typeof item === 'string')
      const write = isFile ? filePart : valuePart
      return withHeaders(write(field, item, contentType, isForm))
    })
  })
}

/** Parts that have a place and no name, in the order in which they were given. */
function listParts(items: readonly unknown[], content: OpenapiContent): Part[] {
  const { first = [], other } = content.parts ?? {}
  const isForm = isFormData(content)
  return items.map((item, at) => {
    const how = first[at] ?? other ?? {}
    const isFile = isToolFile(item) || (how.file === true && typeof item === 'string')
    const write = isFile ? filePart : valuePart
    const headers = Object.entries(how.headers ?? {}).flatMap(([name, fixed]) =>
      fixed === null ? [] : [`${oneLine(name)}: ${oneLine(fixed)}`],
    )
    const isNamed = headers.some((header) => /^content-disposition:/i.test(header))
    const isNamedHere = isForm && !isNamed
    const part =
      how.content && hasParts(item, how.content)
        ? nestedPart(String(at), item, how.content, isNamedHere)
        : write(String(at), item, firstType(how.contentType), isNamedHere)
    return { ...part, headers: [...part.headers, ...headers] }
  })
}

/** A part that has parts of its own. */
function nestedPart(field: string, value: object, content: OpenapiContent, isForm: boolean): Part {
  const { contentType, bytes } = writeMultipart(value, content)
  return { headers: partHeaders(field, contentType, isForm), bytes }
}

/** A value of the form that its description has: a list, or an object. */
function hasParts(value: unknown, { parts }: OpenapiContent): value is object {
  if (typeof value !== 'object' || value === null || isToolFile(value)) return false
  return Array.isArray(value) === (parts !== undefined)
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
