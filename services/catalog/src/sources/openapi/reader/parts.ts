import type { OpenapiParameter } from '@executor/contracts'
import type { JsonObject } from './json.ts'
import type { SourceDocument } from './source-document.ts'

/** A parameter, whatever version describes it. */
export interface Parameter {
  document: SourceDocument
  name: string
  in: OpenapiParameter['in']
  required: boolean
  description: string | undefined
  deprecated: boolean
  example: unknown
  schema: unknown
  style: OpenapiParameter['style']
  explode: boolean | undefined
  allowReserved: boolean | undefined
  /** Its value is written as this media type. */
  contentType: string | undefined
}

/** One way to write a body, or to read an answer. */
export interface Content {
  document: SourceDocument
  mediaType: string
  schema: unknown
  /** Each item of a stream (NDJSON, server-sent events). */
  itemSchema: unknown
  encoding: JsonObject | undefined
  /** How the parts of a list are sent: the first ones by place, and every other. */
  prefixEncoding: unknown[]
  itemEncoding: unknown
}

export interface Body {
  required: boolean
  description: string | undefined
  contents: Content[]
}

export interface Response {
  /** `200`, `2XX` or `default`. */
  status: string
  contents: Content[]
  /** Names of the headers it describes. */
  headers: string[]
}

/** One operation as the document has it, with what its path says for all. */
export interface RawOperation {
  /** In capitals. */
  method: string
  path: string
  document: SourceDocument
  value: JsonObject
  pathItem: JsonObject
  pathDocument: SourceDocument
}
