import { describe, expect, it } from 'vitest'
import { InFlight } from './in-flight.ts'

const later = () => Date.now() + 60_000

describe('InFlight', () => {
  it('is idle when nothing was started', async () => {
    await expect(new InFlight().whenIdle()).resolves.toBeUndefined()
  })

  it('is idle when the last is finished', async () => {
    const inFlight = new InFlight()
    inFlight.start(later())
    inFlight.start(later())

    const idle = inFlight.whenIdle()
    inFlight.finish()
    inFlight.finish()

    await expect(idle).resolves.toBeUndefined()
    expect(inFlight.count).toBe(0)
  })

  it('waits for what starts just as the last one ends', async () => {
    const inFlight = new InFlight()
    inFlight.start(later())

    const idle = inFlight.whenIdle().then(() => inFlight.count)
    inFlight.finish()
    inFlight.start(later())
    setImmediate(() => inFlight.finish())

    expect(await idle).toBe(0)
  })

  it('does not wait for what nobody waits for any more', async () => {
    const inFlight = new InFlight()
    inFlight.start(Date.now() - 1)

    await expect(inFlight.whenIdle()).resolves.toBeUndefined()
  })

  it('waits longer for what was prolonged', async () => {
    const inFlight = new InFlight()
    inFlight.start(Date.now() + 20)

    const idle = inFlight.whenIdle().then(() => inFlight.count)
    inFlight.extend(later())
    await new Promise((resolve) => setTimeout(resolve, 50))
    inFlight.finish()

    expect(await idle).toBe(0)
  })
})
