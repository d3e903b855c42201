import type { ImportResult } from '@executor/contracts'
import { toCount } from '#lib/words.ts'

/** What a refresh came to, in a sentence. */
export function toRefreshWords(result: ImportResult): string {
  const { addedTools, changedTools, removedTools, heldTools = [] } = result
  const parts = [
    ['new', addedTools],
    ['changed', changedTools],
    ['removed', removedTools],
  ] as const
  const changed = parts.flatMap(([word, tools]) => (tools.length ? `${tools.length} ${word}` : []))
  const held = heldTools.length
    ? ` ${toCount(heldTools.length, 'operation waits', 'operations wait')} for your review.`
    : ''
  if (changed.length > 0) return `Refreshed: ${changed.join(', ')}.${held}`
  return held ? `Refreshed.${held}` : 'Refreshed: nothing has changed.'
}
