import { ToolFile } from '@executor/contracts'
import { invalidArgument } from '../failures.ts'

/** Bytes on their way out, with what is known of them. */
export interface OutgoingFile {
  bytes: Buffer
  mimeType: string | undefined
  name: string | undefined
}

const DATA_URL = /^data:([\w!#$&^.+-]+\/[\w!#$&^.+-]+)?(?:;[\w=-]+)*;base64,/
const BASE64 = /^[A-Za-z0-9+/_-]*={0,2}$/

export function isToolFile(value: unknown): boolean {
  return typeof value === 'object' && value !== null && '_tag' in value && value._tag === 'ToolFile'
}

/** A `ToolFile`, base64 text or a base64 `data:` URL. */
export function toFile(argument: string, value: unknown): OutgoingFile {
  if (isToolFile(value)) {
    const parsed = ToolFile.partial({ byteLength: true }).safeParse(value)
    if (!parsed.success)
      throw invalidArgument(argument, 'is a ToolFile that lacks mimeType, encoding or data')
    const { data, mimeType, name } = parsed.data
    return { bytes: fromBase64(argument, data), mimeType, name }
  }
  if (typeof value !== 'string')
    throw invalidArgument(argument, 'must be a file: a ToolFile, or its bytes as base64 text')
  const header = DATA_URL.exec(value)
  const data = header ? value.slice(header[0].length) : value
  return { bytes: fromBase64(argument, data), mimeType: header?.[1], name: undefined }
}

function fromBase64(argument: string, text: string): Buffer {
  const compact = /\s/.test(text) ? text.replace(/\s+/g, '') : text
  if (!BASE64.test(compact)) throw invalidArgument(argument, 'must be base64 text')
  return Buffer.from(compact, 'base64')
}
