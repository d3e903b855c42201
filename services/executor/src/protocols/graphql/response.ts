import type { EgressResponse } from '@executor/egress'
import { decodeText, isWellEncoded } from '@executor/egress'
import { headerText } from '../openapi/response-headers.ts'

/** A body as GraphQL answers it. */
export interface GraphqlResponse {
  /** The value of `data` as JSON text, just as it came. */
  data: string
  /** Empty where all went well. */
  errors: readonly unknown[]
  /** Absent where there are none. */
  extensions?: unknown
}

/** Null for whatever is no GraphQL response: pages, broken JSON, other people's JSON. */
export function parseResponse({ body, headers }: EgressResponse): GraphqlResponse | null {
  const contentType = headerText(headers, 'content-type')
  if (!isWellEncoded(body, contentType)) return null
  const text = decodeText(body, contentType)
  const parsed = parseObject(text)
  if (!parsed) return null
  const hasData = Object.hasOwn(parsed, 'data')
  const errors = Array.isArray(parsed.errors) ? parsed.errors : []
  if (!hasData && !errors.some(isGraphqlError)) return null
  return {
    data: hasData ? (sliceData(text) ?? JSON.stringify(parsed.data)) : 'null',
    errors,
    ...(parsed.extensions === undefined ? {} : { extensions: parsed.extensions }),
  }
}

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text)
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    return isObject ? (value as Record<string, unknown>) : null
  } catch {
    // Its absence is the answer.
    return null
  }
}

function isGraphqlError(error: unknown): boolean {
  return typeof error === 'object' && error !== null && Object.hasOwn(error, 'message')
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const OPENING = new Set([0x7b, 0x5b])
const CLOSING = new Set([0x7d, 0x5d])

/**
 * The text of `data` where it comes first, as the specification asks for: numbers that JavaScript
 * would round go through as they are. The text has been parsed, so it is well formed.
 */
function sliceData(text: string): string | null {
  const begin = /^\s*\{\s*"data"\s*:\s*/.exec(text)
  if (!begin) return null
  const start = begin[0].length
  let depth = 0
  for (let index = start; index < text.length; index++) {
    const code = text.charCodeAt(index)
    if (code === QUOTE) index = endOfString(text, index)
    else if (OPENING.has(code)) depth++
    else if (CLOSING.has(code)) {
      if (depth === 0) return text.slice(start, index).trimEnd()
      depth--
    } else if (code === COMMA && depth === 0) return text.slice(start, index).trimEnd()
  }
  return null
}

function endOfString(text: string, start: number): number {
  let index = start + 1
  while (text.charCodeAt(index) !== QUOTE) index += text.charCodeAt(index) === BACKSLASH ? 2 : 1
  return index
}
