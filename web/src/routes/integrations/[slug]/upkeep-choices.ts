import type { ReviewMode } from '@executor/contracts'
import { toEvery } from '#lib/words.ts'

export const REVIEW_MODES: { mode: ReviewMode; label: string; hint: string }[] = [
  { mode: 'none', label: 'Nothing', hint: 'What a refresh brings is in force at once.' },
  { mode: 'writes', label: 'New operations that write', hint: 'Everything else is in force.' },
  {
    mode: 'all',
    label: 'Everything new or changed',
    hint: 'Operations stay as they were until you accept what they say now.',
  },
]

const HOUR_MS = 3_600_000
const USUAL_MS = [HOUR_MS, 6 * HOUR_MS, 24 * HOUR_MS, 7 * 24 * HOUR_MS]

/** How often it may be refreshed: as usual, or as it was set elsewhere. */
export function scheduleChoices(currentMs: number | null): { ms: number | null; label: string }[] {
  const all =
    currentMs === null || USUAL_MS.includes(currentMs) ? USUAL_MS : [currentMs, ...USUAL_MS]
  const choices = all.toSorted((a, b) => a - b).map((ms) => ({ ms, label: toEvery(ms) }))
  return [{ ms: null, label: 'Never' }, ...choices]
}
