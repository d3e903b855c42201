/** What is done with a body. */
export type BodyKind = 'json' | 'events' | 'lines' | 'html' | 'text' | 'binary' | 'unknown'

const LINES = /^application\/(?:x-)?(?:ndjson|jsonl|json-?lines|json-seq|stream\+json)$/
const TEXT =
  /^(?:text\/|application\/(?:xml|x-www-form-urlencoded|javascript|ecmascript|yaml|x-yaml|toml|graphql|sql|x-sh|rtf|pgp-signature|x-pem-file|jwt)$)|\+(?:xml|yaml)$/
const BINARY =
  /^(?:image|audio|video|font|model)\/|^application\/(?:octet-stream|pdf|zip|gzip|x-tar|x-7z-compressed|wasm|msword|vnd\.)/

/** The media type alone, in lower case. */
export function mediaTypeOf(contentType: string): string {
  const semicolon = contentType.indexOf(';')
  const type = semicolon < 0 ? contentType : contentType.slice(0, semicolon)
  return type.trim().toLowerCase()
}

export function kindOf(mediaType: string): BodyKind {
  if (mediaType === 'application/json' || mediaType.endsWith('+json') || mediaType === 'text/json')
    return LINES.test(mediaType) ? 'lines' : 'json'
  if (mediaType === 'text/event-stream') return 'events'
  if (LINES.test(mediaType)) return 'lines'
  if (mediaType === 'text/html' || mediaType === 'application/xhtml+xml') return 'html'
  if (TEXT.test(mediaType)) return 'text'
  return BINARY.test(mediaType) ? 'binary' : 'unknown'
}

/** A body that may never end: its start is what is read. */
export function isStream(contentType: string): boolean {
  const kind = kindOf(mediaTypeOf(contentType))
  return kind === 'events' || kind === 'lines'
}
