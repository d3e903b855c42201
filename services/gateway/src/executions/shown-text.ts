import { toJsonText } from '@executor/contracts'
import { LongJson } from './long-json.ts'

/** Characters of a result that a model is shown; the structured content is never cut. */
export const TEXT_CHARS_MAX = 30_000

/** Strings as they are, everything else as JSON; of a long one the beginning, and how much there is. */
export function toShownText(value: unknown, executionId?: string): string {
  if (value instanceof LongJson) return toShownBeginning(value, executionId)
  if (typeof value === 'string') return cutText(value, executionId)
  const { text, isCut } = toJsonText(value, TEXT_CHARS_MAX)
  if (!isCut) return text
  const { length } = Array.isArray(value) ? value : Object.keys(value as object)
  return `${text}\n${whatIsLeft(Array.isArray(value), length, executionId)}`
}

export function cutText(text: string, executionId?: string): string {
  return endText(text.slice(0, TEXT_CHARS_MAX), text.length, executionId)
}

function toShownBeginning(value: LongJson, executionId: string | undefined): string {
  const text = value.beginning(TEXT_CHARS_MAX)
  if (value.kind === 'string') return endText(text, value.chars, executionId)
  // Nothing but room between its parts was cut.
  if (text.length < TEXT_CHARS_MAX) return text
  return `${text}\n${whatIsLeft(value.kind === 'array', value.count, executionId)}`
}

function endText(shown: string, chars: number, executionId: string | undefined): string {
  const rest = chars - shown.length
  if (rest === 0) return shown
  return `${shown}\n[${rest} more characters were cut.${whereWhole(executionId)}]`
}

function whatIsLeft(isArray: boolean, length: number, executionId: string | undefined): string {
  const count = `${length} ${isArray ? 'item' : 'field'}${length === 1 ? '' : 's'}`
  return `[This is the beginning of ${count}.${whereWhole(executionId)}]`
}

export function whereWhole(executionId: string | undefined): string {
  return executionId ? ` The whole result: GET /api/executions/${executionId}/result` : ''
}
