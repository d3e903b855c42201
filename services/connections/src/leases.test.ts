import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createLeases } from './leases.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

function someLeases(entriesMax = 10) {
  return createLeases<string>({ clock: Date.now, ttlMs: 1000, entriesMax })
}

describe('createLeases', () => {
  it('loads once while a lease lasts', async () => {
    const leases = someLeases()
    const load = vi.fn(async () => 'value')

    const values = [await leases.take('a', load), await leases.take('a', load)]
    vi.advanceTimersByTime(1001)
    await leases.take('a', load)

    expect(values).toEqual(['value', 'value'])
    expect(load).toHaveBeenCalledTimes(2)
  })

  it('loads once for all who ask at the same time', async () => {
    const leases = someLeases()
    const load = vi.fn(async () => 'value')

    await Promise.all([leases.take('a', load), leases.take('a', load)])

    expect(load).toHaveBeenCalledTimes(1)
  })

  it('does not hold what was being loaded when it was dropped', async () => {
    const leases = someLeases()
    const slow = Promise.withResolvers<string>()
    const stale = leases.take('a', () => slow.promise)

    leases.drop('a')
    const fresh = await leases.take('a', async () => 'fresh')
    slow.resolve('stale')

    expect(await stale).toBe('stale')
    expect(fresh).toBe('fresh')
    expect(await leases.take('a', async () => 'again')).toBe('fresh')
  })

  it('does not hold a failure', async () => {
    const leases = someLeases()

    const failed = leases.take('a', () => Promise.reject(new RangeError('no')))

    await expect(failed).rejects.toThrow('no')
    expect(await leases.take('a', async () => 'value')).toBe('value')
  })

  it('holds a bounded number', async () => {
    const leases = someLeases(2)
    for (const key of ['a', 'b', 'c']) await leases.take(key, async () => key)
    const load = vi.fn(async () => 'again')

    await leases.take('c', load)
    await leases.take('a', load)

    expect(load).toHaveBeenCalledTimes(1)
  })

  it('forgets by itself when nobody asks any more', async () => {
    const leases = someLeases()
    await leases.take('a', async () => 'value')

    vi.advanceTimersByTime(1000)

    expect(vi.getTimerCount()).toBe(0)
  })
})
