import { toJsonText } from '@executor/contracts'

/** Characters of a result that a model is shown; the structured content is never cut. */
export const TEXT_CHARS_MAX = 30_000

/** Strings as they are, everything else as JSON; of a long one the beginning, and how much there is. */
export function toShownText(value: unknown, executionId?: string): string {
  if (typeof value === 'string') return cutText(value, executionId)
  const { text, isCut } = toJsonText(value, TEXT_CHARS_MAX)
  if (!isCut) return text
  const { length } = Array.isArray(value) ? value : Object.keys(value as object)
  const count = `${length} ${Array.isArray(value) ? 'item' : 'field'}${length === 1 ? '' : 's'}`
  return `${text}\n[This is the beginning of ${count}.${whereWhole(executionId)}]`
}

export function cutText(text: string, executionId?: string): string {
  if (text.length <= TEXT_CHARS_MAX) return text
  const rest = text.length - TEXT_CHARS_MAX
  return `${text.slice(0, TEXT_CHARS_MAX)}\n[${rest} more characters were cut.${whereWhole(executionId)}]`
}

export function whereWhole(executionId: string | undefined): string {
  return executionId ? ` The whole result: GET /api/executions/${executionId}/result` : ''
}
