/** A media type without its parameters, in lower case. */
export function essence(mediaType: string): string {
  return (mediaType.split(';')[0] ?? '').trim().toLowerCase()
}

export function isJson(mediaType: string): boolean {
  const type = essence(mediaType)
  return /^(application|text)\/(json|x-json)$/.test(type) || type.endsWith('+json')
}

/** One JSON value after another: their items are what an agent gets, as a list. */
export function isStream(mediaType: string): boolean {
  return STREAMS.has(essence(mediaType))
}
const STREAMS = new Set([
  'text/event-stream',
  'application/x-ndjson',
  'application/ndjson',
  'application/jsonl',
  'application/x-jsonlines',
  'application/json-seq',
  'application/stream+json',
])

export function isEventStream(mediaType: string): boolean {
  return essence(mediaType) === 'text/event-stream'
}

export function isForm(mediaType: string): boolean {
  return essence(mediaType) === 'application/x-www-form-urlencoded'
}

export function isMultipart(mediaType: string): boolean {
  return essence(mediaType).startsWith('multipart/')
}

const BINARY_APPLICATIONS = new Set([
  'application/octet-stream',
  'application/zip',
  'application/gzip',
  'application/x-gzip',
  'application/x-tar',
  'application/x-7z-compressed',
  'application/pdf',
  'application/msword',
  'application/wasm',
  'application/x-protobuf',
  'application/vnd.google.protobuf',
  'application/x-msgpack',
  'application/cbor',
  'application/vnd.android.package-archive',
  'application/java-archive',
])

/** Bytes that are not text: they travel as a file. */
export function isBinary(mediaType: string): boolean {
  const type = essence(mediaType)
  if (type === 'image/svg+xml') return false
  return (
    /^(image|audio|video|font|model)\//.test(type) ||
    BINARY_APPLICATIONS.has(type) ||
    type.startsWith('application/vnd.openxmlformats') ||
    type.startsWith('application/vnd.ms-excel')
  )
}
