import { ServiceError } from '@executor/contracts'

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

export function refreshSuspicious(suspicion: string): ServiceError {
  return new ServiceError(
    'failed_precondition',
    'refresh_suspicious',
    `${suspicion} The tools stay as they were: if that is right, refresh it by hand, with "force".`,
  )
}
