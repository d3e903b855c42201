import { filledText, isObject, type JsonObject, ownValue } from '../json.ts'
import { readNames } from '../keywords.ts'

/** How a method takes the content of a file. */
export interface MediaUpload {
  /** With the query that says how the content is sent. */
  path: string
  /** Its resource can be sent together with the content. */
  isMultipart: boolean
  body: JsonObject
  /** What it accepts, in words. */
  note: string
}

/** Null where a method takes no files. `metadata` is the schema of its resource, if it has one. */
export function convertUpload(method: JsonObject, metadata: JsonObject | null): MediaUpload | null {
  const upload = method.mediaUpload
  const simple = ownValue(ownValue(upload, 'protocols'), 'simple')
  const path = filledText(ownValue(simple, 'path'))
  if (!isObject(upload) || path === undefined) return null
  const types = readNames(upload.accept) ?? []
  const isMultipart = metadata !== null && ownValue(simple, 'multipart') === true
  const type = isMultipart ? 'multipart' : 'media'
  return {
    path: `${path}?uploadType=${type}`,
    isMultipart,
    body: isMultipart ? multipartBody(metadata, types) : plainBody(types),
    note: describeUpload(types, filledText(upload.maxSize)),
  }
}

function describeUpload(types: readonly string[], maxSize: string | undefined): string {
  const accepts = types.length === 0 || types.includes('*/*') ? [] : [`Takes ${types.join(', ')}.`]
  const size = maxSize === undefined ? [] : [`At most ${maxSize}.`]
  return [...accepts, ...size].join(' ')
}

/** RFC 2387: the resource as JSON, then the content. */
function multipartBody(metadata: JsonObject, types: readonly string[]): JsonObject {
  const [only] = types.filter((type) => !type.includes('*'))
  const isOnly = types.length === 1 && only !== undefined
  return {
    required: true,
    content: {
      'multipart/related': {
        schema: {
          type: 'object',
          properties: { metadata, media: { type: 'string', format: 'binary' } },
          required: ['metadata', 'media'],
        },
        encoding: {
          metadata: { contentType: 'application/json' },
          ...(isOnly ? { media: { contentType: only } } : {}),
        },
      },
    },
  }
}

function plainBody(types: readonly string[]): JsonObject {
  // A list of types is a choice, and a file says itself which of them it is.
  const type = types.length === 1 ? types[0] : undefined
  const schema = { type: 'string', format: 'binary' }
  return { required: true, content: { [type ?? 'application/octet-stream']: { schema } } }
}

/** The answer is a file, whose type the file itself says. */
export const MEDIA_RESPONSE: JsonObject = {
  description: 'The content.',
  content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } },
}
