import { describe, expect, it } from 'vitest'
import { createLeases } from './leases.ts'

const signal = new AbortController().signal

function aClock() {
  let at = 0
  return { now: () => at, advance: (ms: number) => (at += ms) }
}

/** Answers with how often it was asked. */
function aQuestion() {
  let count = 0
  return async () => ++count
}

describe('createLeases', () => {
  it('asks once for as long as a lease lasts, counted from before it asked', async () => {
    const clock = aClock()
    const leases = createLeases<number>(250, clock.now)
    const slow = Promise.withResolvers<number>()

    const first = leases.take('a', () => slow.promise, signal)
    clock.advance(200)
    slow.resolve(1)
    const held = await leases.take('a', aQuestion(), signal)
    clock.advance(50)
    const asked = await leases.take('a', async () => 2, signal)

    expect([await first, held, asked]).toEqual([1, 1, 2])
  })

  it('keeps keys apart', async () => {
    const leases = createLeases<string>(250)

    const told = await Promise.all(
      ['a', 'b'].map((key) => leases.take(key, async () => `of ${key}`, signal)),
    )

    expect(told).toEqual(['of a', 'of b'])
  })

  it('holds nothing where asking costs nothing', async () => {
    const leases = createLeases<number>(0)
    const ask = aQuestion()

    await leases.take('a', ask, signal)

    expect(await leases.take('a', ask, signal)).toBe(2)
  })

  it('asks again after a failure', async () => {
    const leases = createLeases<number>(250)
    const down = () => Promise.reject(new TypeError('down'))

    await expect(leases.take('a', down, signal)).rejects.toThrow('down')

    expect(await leases.take('a', async () => 1, signal)).toBe(1)
  })

  it('lets one caller go without ending what others wait for', async () => {
    const leases = createLeases<number>(250)
    const leaving = new AbortController()
    const slow = Promise.withResolvers<number>()
    const ask = () => slow.promise

    const gone = leases.take('a', ask, leaving.signal)
    const staying = leases.take('a', ask, signal)
    leaving.abort(new TypeError('left'))
    await expect(gone).rejects.toThrow('left')
    slow.resolve(7)

    expect(await staying).toBe(7)
  })

  it('shares no failure with a call that came later', async () => {
    const leases = createLeases<number>(250)
    const missing = Promise.withResolvers<number>()

    const first = leases.take('a', () => missing.promise, signal)
    const later = [1, 2].map(() => leases.take('a', aQuestion(), signal))
    missing.reject(new TypeError('missing'))

    await expect(first).rejects.toThrow('missing')
    expect(await Promise.all(later)).toEqual([1, 1])
  })
})
