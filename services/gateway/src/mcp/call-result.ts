import { isServiceError, type ServiceError, ToolFile } from '@executor/contracts'
import type { JsonObject } from './messages.ts'

/** Characters a model is shown of a result; the structured content is never cut. */
const TEXT_CHARS_MAX = 30_000
const FILE_TEXT_CHARS_MAX = 64_000
const FAILED = '{"ok":false'
const FILE = '{"ok":true,"data":{"_tag":"ToolFile"'

/** A tool's result envelope as a `CallToolResult`, both as JSON text. */
export function toCallResult(json: string): string {
  const content = json.startsWith(FILE) ? fileContent(json) : [textContent(json)]
  const isError = json.startsWith(FAILED)
  return `{"content":${JSON.stringify(content)},"structuredContent":${json},"isError":${isError}}`
}

/** An answer of our own. */
export function toTextResult(structured: JsonObject): string {
  return toCallResult(JSON.stringify(structured))
}

/** A failure that the model can act on, and never a broken conversation. */
export function toFailureResult(error: ServiceError): string {
  const { reason: code, message, details } = error
  return toTextResult({ ok: false, error: { code, message, ...(details && { details }) } })
}

/** Whether an error is for the model; the rest is for whoever runs us. */
export function isForModel(error: unknown): error is ServiceError {
  return isServiceError(error) && error.code !== 'internal' && error.code !== 'cancelled'
}

function textContent(text: string, charsMax = TEXT_CHARS_MAX): JsonObject {
  if (text.length <= charsMax) return { type: 'text', text }
  const rest = text.length - charsMax
  return { type: 'text', text: `${text.slice(0, charsMax)}\n[${rest} more characters were cut]` }
}

/** A file is shown as what it is. */
function fileContent(json: string): JsonObject[] {
  const file = ToolFile.safeParse(JSON.parse(json).data)
  if (!file.success) return [textContent(json)]
  const { name = 'file', mimeType, data } = file.data
  const note = textContent(`${name} (${mimeType}, ${file.data.byteLength} bytes)`)
  if (mimeType.startsWith('image/')) return [note, { type: 'image', data, mimeType }]
  if (mimeType.startsWith('audio/')) return [note, { type: 'audio', data, mimeType }]
  if (/^text\/|[/+](json|xml|yaml)\b/.test(mimeType)) {
    return [note, textContent(Buffer.from(data, 'base64').toString(), FILE_TEXT_CHARS_MAX)]
  }
  const uri = `file:///${encodeURIComponent(name)}`
  return [note, { type: 'resource', resource: { uri, mimeType, blob: data } }]
}
