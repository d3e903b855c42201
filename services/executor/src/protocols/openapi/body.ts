import type { JsonObject, OpenapiContent } from '@executor/contracts'
import { invalidArgument } from '../failures.ts'
import { isToolFile, toFile } from './file.ts'
import { writeForm } from './form.ts'
import { type FormCall, writeMultipart } from './multipart.ts'
import type { OperationPlan } from './plan.ts'

export interface Body {
  contentType: string
  bytes: string | Uint8Array
}

/** The body in the media type that was chosen, or the first; `null` where there is none to send. */
export function writeBody(
  { contents, bodyRequired }: OperationPlan,
  args: JsonObject,
): Body | null {
  if (contents.length === 0) return null
  const binary = own(args, 'bodyBase64')
  const value = binary ?? own(args, 'body')
  const isBytes = binary !== undefined || isToolFile(value)
  const content = chooseContent(contents, own(args, 'contentType'), isBytes)
  if (value === undefined) {
    if (bodyRequired) throw invalidArgument(content.binary ? 'bodyBase64' : 'body', 'is missing')
    return null
  }
  return isBytes ? writeBytes(content, value) : writeValue(content, value, args)
}

/** The one asked for; else the first that takes such a value; else the first. */
function chooseContent(
  contents: readonly OpenapiContent[],
  choice: unknown,
  isBytes: boolean,
): OpenapiContent {
  const content =
    choice === undefined
      ? (contents.find(({ binary = false }) => binary === isBytes) ?? contents[0])
      : contents.find(({ mediaType }) => mediaType === choice)
  if (content) return content
  const known = contents.map(({ mediaType }) => mediaType).join(', ')
  throw invalidArgument('contentType', `must be one of ${known}`)
}

function writeBytes({ mediaType, binary }: OpenapiContent, value: unknown): Body {
  const { bytes, mimeType } = toFile(isToolFile(value) ? 'body' : 'bodyBase64', value)
  // A description that says "any bytes" leaves the type to the file.
  const isOpen =
    mediaType.includes('*') || (binary === true && mediaType === 'application/octet-stream')
  return {
    contentType: oneLine(isOpen ? (mimeType ?? 'application/octet-stream') : mediaType),
    bytes,
  }
}

function writeValue(content: OpenapiContent, value: unknown, args: JsonObject): Body {
  const { mediaType } = content
  const type = mediaType.toLowerCase()
  const contentType = oneLine(mediaType)
  if (isJson(type)) return { contentType, bytes: JSON.stringify(value) }
  if (type.startsWith('application/x-www-form-urlencoded'))
    return { contentType, bytes: writeForm(fieldsOf(value), content) }
  if (type.startsWith('multipart/'))
    return writeMultipart(content.parts ? listOf(value) : fieldsOf(value), content, {
      headers: partHeaders(args),
    })
  if (/[/+-]ndjson|json-?lines|\/jsonl|json-seq/.test(type) && Array.isArray(value))
    return { contentType, bytes: value.map((item) => writeRecord(item, type)).join('') }
  if (typeof value === 'string')
    return { contentType: type.includes('*') ? 'text/plain' : contentType, bytes: value }
  if (type.includes('*')) return { contentType: 'application/json', bytes: JSON.stringify(value) }
  if (typeof value !== 'object' || value === null) return { contentType, bytes: String(value) }
  throw invalidArgument('body', `must be text: it is sent as ${mediaType}`)
}

/** RFC 7464 begins each record with a separator of its own. */
function writeRecord(item: unknown, type: string): string {
  const start = type.includes('json-seq') ? '\u001e' : ''
  return `${start}${JSON.stringify(item)}\n`
}

function partHeaders(args: JsonObject): FormCall['headers'] {
  const headers = own(args, 'bodyHeaders')
  return typeof headers === 'object' && headers !== null ? (headers as FormCall['headers']) : {}
}

function isJson(type: string): boolean {
  return /[/+]json(?:;|$|\s)/.test(type)
}

function fieldsOf(value: unknown): object {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  throw invalidArgument('body', 'must be an object: each of its properties is a field of the form')
}

function listOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value
  throw invalidArgument('body', 'must be a list: each of its items is a part')
}

function own(args: JsonObject, name: string): unknown {
  return Object.hasOwn(args, name) ? args[name] : undefined
}

function oneLine(text: string): string {
  return text.replace(/[\r\n\0]/g, '')
}
