import { describe, expect, it } from 'vitest'
import { NO_UPKEEP } from './store/upkeep.ts'
import type { UpkeepRow } from './store.ts'
import { afterFailure, afterSuccess, nextDue, toLastRefresh } from './upkeep.ts'

const HOUR_MS = 3_600_000
const hourly: UpkeepRow = { ...NO_UPKEEP, refreshEveryMs: HOUR_MS }

describe('upkeep', () => {
  it('spreads what would be due together', () => {
    expect(nextDue(HOUR_MS, { now: 0, chance: 0 })).toBe(HOUR_MS * 0.9)
    expect(nextDue(HOUR_MS, { now: 0, chance: 1 })).toBe(3_960_000)
    expect(nextDue(null, { now: 0, chance: 1 })).toBeNull()
  })

  it('asks a failing source less and less often, up to its schedule', () => {
    const delays: number[] = []
    let row: UpkeepRow = hourly
    for (let now = 0; delays.length < 8; now += 10) {
      row = { ...row, ...afterFailure(row, 'It is down.', { now, chance: 0.5 }) }
      delays.push(((row.dueAt ?? 0) - now) / 60_000)
    }

    expect(delays).toEqual([1, 2, 4, 8, 16, 32, 60, 60])
    expect(toLastRefresh(row)).toEqual({ at: 70, ok: false, error: 'It is down.', failingSince: 0 })
  })

  it('forgets the failures once it is read again', () => {
    const failed = { ...hourly, ...afterFailure(hourly, 'It is down.', { now: 1, chance: 0 }) }
    const well = { ...failed, ...afterSuccess(failed, { now: 9, chance: 0.5 }) }

    expect(toLastRefresh(well)).toEqual({ at: 9, ok: true })
    expect(well).toMatchObject({ failures: 0, dueAt: 9 + HOUR_MS })
  })

  it('plans nothing where no schedule was asked for', () => {
    expect(afterFailure(NO_UPKEEP, 'It is down.', { now: 1, chance: 0 }).dueAt).toBeNull()
    expect(toLastRefresh(NO_UPKEEP)).toBeNull()
  })
})
