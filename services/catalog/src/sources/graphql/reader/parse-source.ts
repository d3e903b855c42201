import { gunzipSync } from 'node:zlib'
import { isObject, type JsonObject, ownValue } from '../../openapi/reader/json.ts'
import { JSON_VALUES_MAX } from '../../openapi/reader/limits.ts'
import { assertAffordable, decode } from '../../openapi/reader/parse-document.ts'
import { introspectionFailed } from './failures.ts'
import { TOKENS_MAX, UNPACKED_BYTES_MAX } from './limits.ts'

/**
 * An introspection result as JSON, gzipped or not, or a schema in SDL: either becomes what is below
 * `__schema`.
 */
export async function parseSource(source: string | Uint8Array): Promise<JsonObject> {
  const text = decode(unpack(source)).trim()
  if (text === '') throw introspectionFailed('The schema is empty.')
  if (text.startsWith('<'))
    throw introspectionFailed(
      'There is a page in HTML or XML where a GraphQL schema was expected. Give the address that queries are sent to, which often ends in /graphql.',
    )
  return text.startsWith('{') || text.startsWith('[') ? parseJson(text) : parseSdl(text)
}

function unpack(source: string | Uint8Array): string | Uint8Array {
  const isPacked = typeof source !== 'string' && source[0] === 0x1f && source[1] === 0x8b
  if (!isPacked) return source
  try {
    return gunzipSync(source, { maxOutputLength: UNPACKED_BYTES_MAX })
  } catch (error) {
    if (!(error instanceof Error)) throw error
    throw introspectionFailed(`The schema cannot be unpacked: ${error.message.slice(0, 200)}.`)
  }
}

function parseJson(text: string): JsonObject {
  assertAffordable(text, JSON_VALUES_MAX, 'The schema')
  const root = toValue(text)
  const data = ownValue(root, 'data') ?? root
  const schema = ownValue(data, '__schema')
  if (isObject(schema)) return schema
  const errors = ownValue(root, 'errors')
  const said = Array.isArray(errors) ? errors.map(messageOf).filter(Boolean).slice(0, 3) : []
  throw introspectionFailed(
    said.length > 0
      ? `The server does not tell its schema: ${said.join('; ')}`
      : 'The JSON is no introspection result: it has no "__schema".',
  )
}

function toValue(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    const why = error instanceof Error ? error.message.slice(0, 200) : ''
    throw introspectionFailed(`The introspection result is not valid JSON: ${why}`)
  }
}

const MESSAGE_CHARS_MAX = 300

function messageOf(error: unknown): string {
  const message = ownValue(error, 'message')
  return typeof message === 'string' ? message.slice(0, MESSAGE_CHARS_MAX) : ''
}

/** SDL is made into the introspection result that a server of it would answer. */
async function parseSdl(text: string): Promise<JsonObject> {
  // Half of the library, for the few schemas that come as SDL.
  const { buildSchema, introspectionFromSchema } = await import('graphql/utilities')
  try {
    const schema = buildSchema(text, {
      assumeValid: true,
      assumeValidSDL: true,
      noLocation: true,
      maxLexicalTokens: TOKENS_MAX,
    })
    const { __schema } = introspectionFromSchema(schema, {
      specifiedByUrl: true,
      schemaDescription: true,
      inputValueDeprecation: true,
      oneOf: true,
    })
    return { ...__schema }
  } catch (error) {
    if (error instanceof RangeError)
      throw introspectionFailed('The schema nests too deep to be read.')
    if (!(error instanceof Error)) throw error
    throw introspectionFailed(`The schema is not valid GraphQL: ${error.message.slice(0, 500)}`)
  }
}
