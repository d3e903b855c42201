import { describe, expect, it } from 'vitest'
import { createTidying } from './tidying.ts'

describe('createTidying', () => {
  it('begins some time after the start, and ends when it is closed', async () => {
    const begun = Promise.withResolvers<AbortSignal>()
    const dropLeftovers = (signal: AbortSignal) => {
      begun.resolve(signal)
      return new Promise<number>((resolve) =>
        signal.addEventListener('abort', () => resolve(0), { once: true }),
      )
    }
    const tidying = createTidying({ store: { dropLeftovers }, onError: () => {}, afterMs: 1 })

    tidying.start()
    const signal = await begun.promise
    await tidying.close()

    expect(signal.aborted).toBe(true)
  })

  it('tells of failures', async () => {
    const told = Promise.withResolvers<unknown>()
    const dropLeftovers = () => Promise.reject(new RangeError('the store is gone'))
    const tidying = createTidying({ store: { dropLeftovers }, onError: told.resolve, afterMs: 1 })

    tidying.start()

    expect(await told.promise).toEqual(new RangeError('the store is gone'))
    await tidying.close()
  })
})
