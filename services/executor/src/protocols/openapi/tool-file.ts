import type { ToolFile } from '@executor/contracts'
import type { ResponseHeaders } from '@executor/egress'
import { headerText } from './response-headers.ts'

const NAME_CHARS_MAX = 255

/** A body of bytes as a file. */
export function toToolFile(body: Buffer, mediaType: string, headers: ResponseHeaders): ToolFile {
  const name = fileName(headerText(headers, 'content-disposition'))
  return {
    _tag: 'ToolFile',
    ...(name === undefined ? {} : { name }),
    mimeType: mediaType || 'application/octet-stream',
    encoding: 'base64',
    data: body.toString('base64'),
    byteLength: body.length,
  }
}

/** RFC 6266; only the last part of what may pretend to be a path. */
function fileName(disposition: string): string | undefined {
  const extended = /filename\*\s*=\s*utf-8''([^;\s]+)/i.exec(disposition)?.[1]
  const plain = /filename\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]+))/i.exec(disposition)
  const text = extended ? decode(extended) : (plain?.[1]?.replace(/\\(.)/g, '$1') ?? plain?.[2])
  const name = text
    ?.split(/[/\\]/)
    .at(-1)
    ?.replace(/\p{Cc}/gu, '')
    .slice(0, NAME_CHARS_MAX)
  return name === '' ? undefined : name
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
