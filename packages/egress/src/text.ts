import { isUtf8 } from 'node:buffer'

/**
 * The text of a body: by its byte order mark, else by the charset of `contentType`, else UTF-8. An
 * unknown charset counts as UTF-8; bytes that mean nothing become U+FFFD.
 */
export function decodeText(body: Buffer, contentType: string): string {
  const charset = markedCharset(body) ?? declaredCharset(contentType)
  if (charset === undefined || charset === 'utf-8' || charset === 'utf8') return decodeUtf8(body)
  try {
    return new TextDecoder(charset).decode(body)
  } catch {
    // TextDecoder knows every charset of the web's standard; this is none of them.
    return decodeUtf8(body)
  }
}

/** Whether the bytes are what their charset says, as far as that can be told. */
export function isWellEncoded(body: Buffer, contentType: string): boolean {
  const charset = markedCharset(body) ?? declaredCharset(contentType) ?? 'utf-8'
  return (charset !== 'utf-8' && charset !== 'utf8') || isUtf8(body)
}

function decodeUtf8(body: Buffer): string {
  const marked = body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf
  return marked ? body.toString('utf8', 3) : body.toString('utf8')
}

function markedCharset(body: Buffer): string | undefined {
  if (body[0] === 0xff && body[1] === 0xfe) return 'utf-16le'
  if (body[0] === 0xfe && body[1] === 0xff) return 'utf-16be'
  return undefined
}

function declaredCharset(contentType: string): string | undefined {
  const at = contentType.indexOf('charset=')
  if (at < 0) return undefined
  const value = contentType.slice(at + 'charset='.length).split(';', 1)[0] ?? ''
  return value.replaceAll('"', '').trim().toLowerCase()
}
