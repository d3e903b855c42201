import { describe, expect, it, vi } from 'vitest'
import { askAhead } from './ahead.ts'

describe('askAhead', () => {
  it('asks at once, and hands the answer to the first who calls', async () => {
    const ask = vi.fn(async () => ask.mock.calls.length)

    const take = askAhead(ask, 1_000)

    expect(ask).toHaveBeenCalledTimes(1)
    expect([await take(), await take()]).toEqual([1, 2])
  })

  it('asks anew where the answer has become old', async () => {
    const ask = vi.fn(async () => ask.mock.calls.length)

    const take = askAhead(ask, 0)

    expect(await take()).toBe(2)
  })

  it('lets nobody but the caller hear of a failure', async () => {
    const take = askAhead(() => Promise.reject(new TypeError('away')), 1_000)

    await new Promise((resolve) => setImmediate(resolve))
    await expect(take()).rejects.toThrow('away')
  })
})
