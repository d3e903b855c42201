import { type FieldChange, type ReviewMode, ServiceError } from '@executor/contracts'

/** Below so many operations, a large share is few. */
const OPERATIONS_MIN = 10
const LOST_SHARE_MAX = 0.5

/** Why a source that can be read may be broken all the same: so much of it is gone. Null for nothing. */
export function findSuspicion(counts: { before: number; removed: number; after: number }) {
  const { before, removed, after } = counts
  if (before > 0 && after === 0) return `None of its ${before} operations is left.`
  if (before < OPERATIONS_MIN || removed <= before * LOST_SHARE_MAX) return null
  return `${removed} of its ${before} operations are gone.`
}

/** What a source says of itself that changes no call. */
const TELLING_NOTHING = /^(title|version|subscriptions)\b/
const PATHS_SHOWN_MAX = 5

/**
 * Where every change is reviewed, a source must not move its calls to another server, or ask for its
 * credentials in another way, beside the operations that are pinned.
 */
export function findMove(mode: ReviewMode, settings: readonly FieldChange[]): string | null {
  if (mode !== 'all') return null
  const moved = settings.map(({ path }) => path).filter((path) => !TELLING_NOTHING.test(path))
  if (moved.length === 0) return null
  const more = moved.length > PATHS_SHOWN_MAX ? ', …' : ''
  return `It asks to be called in another way (${moved.slice(0, PATHS_SHOWN_MAX).join(', ')}${more}).`
}

export function refreshSuspicious(suspicion: string): ServiceError {
  return new ServiceError(
    'failed_precondition',
    'refresh_suspicious',
    `${suspicion} The tools stay as they were: if that is right, refresh it by hand, with "force".`,
  )
}
