import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createRunNews, RUN_NEWS_MS, type RunNews } from './run-news.ts'

let told: { type: string; runs?: unknown[] }[]
let news: RunNews
beforeEach(() => {
  vi.useFakeTimers()
  told = []
  news = createRunNews((text) => told.push(JSON.parse(text)))
})
afterEach(() => {
  vi.useRealTimers()
})

const aRun = (id: string, status: 'running' | 'completed' = 'running') => ({
  id,
  status,
  subject: 'local',
  title: 't',
})
function tell(...runs: ReturnType<typeof aRun>[]): void {
  for (const run of runs) news.add(run)
  news.send()
}

describe('createRunNews', () => {
  it('tells the first at once, and then the last state of each run together', () => {
    tell(aRun('a'), aRun('b'))
    tell(aRun('c'))
    tell(aRun('d'), aRun('c', 'completed'))
    const atOnce = told.length
    vi.advanceTimersByTime(RUN_NEWS_MS)

    expect(atOnce).toBe(1)
    expect(told).toEqual([
      { type: 'runsChanged', runs: [aRun('a'), aRun('b')] },
      { type: 'runsChanged', runs: [aRun('d'), aRun('c', 'completed')] },
    ])
  })

  it('is told at once again after a while without news', () => {
    tell(aRun('a'))
    vi.advanceTimersByTime(RUN_NEWS_MS)
    tell(aRun('a', 'completed'))

    expect(told).toHaveLength(2)
  })

  it('holds nothing back from what happens after it', () => {
    tell(aRun('a'))
    tell(aRun('b'))
    news.flush()
    vi.advanceTimersByTime(RUN_NEWS_MS)

    expect(told).toMatchObject([{ runs: [{ id: 'a' }] }, { runs: [{ id: 'b' }] }])
  })

  it('says that something was missed where it would be too much', () => {
    tell(aRun('first'))
    for (let id = 0; id < 5_000; id++) tell(aRun(`r${id}`))
    vi.advanceTimersByTime(RUN_NEWS_MS)
    tell(aRun('last'))
    vi.advanceTimersByTime(RUN_NEWS_MS)

    expect(told).toEqual([
      { type: 'runsChanged', runs: [aRun('first')] },
      { type: 'missed' },
      { type: 'runsChanged', runs: [aRun('last')] },
    ])
  })

  it('tells nobody anything once it is closed', () => {
    tell(aRun('a'))
    tell(aRun('b'))
    news.close()
    vi.advanceTimersByTime(RUN_NEWS_MS)

    expect(told).toHaveLength(1)
  })
})
