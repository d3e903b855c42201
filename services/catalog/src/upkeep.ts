import type { LastRefresh } from '@executor/contracts'
import type { UpkeepRow } from './store.ts'

/** Milliseconds until a refresh that failed is tried again, doubled each time. */
const RETRY_MS = 60_000
/** Refreshes that were asked for together drift apart: this share sooner or later. */
const JITTER = 0.1
const ERROR_CHARS_MAX = 500

export interface Moment {
  now: number
  /** 0 to 1. */
  chance: number
}

/** When a schedule that begins, or has just done its work, is due. */
export function nextDue(refreshEveryMs: number | null, { now, chance }: Moment): number | null {
  if (refreshEveryMs === null) return null
  return Math.round(now + refreshEveryMs * (1 - JITTER + 2 * JITTER * chance))
}

export function afterSuccess({ refreshEveryMs }: UpkeepRow, moment: Moment): Partial<UpkeepRow> {
  return {
    dueAt: nextDue(refreshEveryMs, moment),
    refreshedAt: moment.now,
    error: null,
    failingSince: null,
    failures: 0,
  }
}

/** A source that is down is asked less and less often, and never less often than one that is not. */
export function afterFailure(
  { refreshEveryMs, failures, failingSince }: UpkeepRow,
  error: string,
  moment: Moment,
): Partial<UpkeepRow> {
  const retryMs =
    refreshEveryMs === null ? null : Math.min(RETRY_MS * 2 ** failures, refreshEveryMs)
  return {
    dueAt: nextDue(retryMs, moment),
    refreshedAt: moment.now,
    error: error.slice(0, ERROR_CHARS_MAX),
    failingSince: failingSince ?? moment.now,
    failures: failures + 1,
  }
}

export function toLastRefresh({ refreshedAt, error, failingSince }: UpkeepRow): LastRefresh | null {
  if (refreshedAt === null) return null
  return {
    at: refreshedAt,
    ok: error === null,
    ...(error === null ? {} : { error }),
    ...(failingSince === null ? {} : { failingSince }),
  }
}
