import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type BusFixture, createWorld, toolsRefreshed, type World } from './fixture.ts'

export function eventSuite(fixture: () => BusFixture): void {
  describe('publish', () => {
    let world: World
    beforeEach(() => {
      world = createWorld(fixture())
    })
    afterEach(() => world.close())

    /** Counts what arrives until the event that ends the test. */
    async function collect(name: string, last: number) {
      const bus = await world.connect(name)
      const counts: number[] = []
      const done = Promise.withResolvers<number[]>()
      const subscription = await bus.subscribe(toolsRefreshed, ({ count }) => {
        counts.push(count)
        if (count === last) done.resolve(counts)
      })
      return { counts: done.promise, subscription }
    }

    it('reaches every subscriber, in the order of sending', async () => {
      const publisher = await world.connect('catalog')
      const first = await collect('gateway', 99)
      const second = await collect('executor', 99)
      const sent = Array.from({ length: 100 }, (_, index) => index)

      for (const count of sent) publisher.publish(toolsRefreshed, { count })

      expect(await first.counts).toEqual(sent)
      expect(await second.counts).toEqual(sent)
    })

    it('is never synchronous', async () => {
      const bus = await world.connect('catalog')
      const order: string[] = []
      const arrived = Promise.withResolvers<void>()
      await bus.subscribe(toolsRefreshed, () => {
        order.push('listener')
        arrived.resolve()
      })

      bus.publish(toolsRefreshed, { count: 1 })
      order.push('publisher')
      await arrived.promise

      expect(order).toEqual(['publisher', 'listener'])
    })

    it('reports a payload that breaks the contract, and delivers the next', async () => {
      const publisher = await world.connect('catalog')
      const { counts } = await collect('gateway', 2)
      const reported = world.nextFault('event')

      publisher.publish(toolsRefreshed, { count: 'one' as never })
      publisher.publish(toolsRefreshed, { count: 2 })

      expect(await counts).toEqual([2])
      expect(await reported).toMatchObject({
        subject: 'event.catalog.tools-refreshed',
        error: { reason: 'invalid_input' },
      })
    })

    it('reports a listener that throws, and goes on', async () => {
      const publisher = await world.connect('catalog')
      const broken = await world.connect('executor')
      const bug = new TypeError('listener bug')
      await broken.subscribe(toolsRefreshed, () => {
        throw bug
      })
      const { counts } = await collect('gateway', 2)
      const reported = world.nextFault('event')

      publisher.publish(toolsRefreshed, { count: 1 })
      publisher.publish(toolsRefreshed, { count: 2 })

      expect(await counts).toEqual([1, 2])
      expect(await reported).toMatchObject({ error: bug })
    })

    it('reaches nobody who has left', async () => {
      const publisher = await world.connect('catalog')
      const left = await collect('gateway', 2)
      const stayed = await collect('executor', 2)

      await left.subscription.drain()
      publisher.publish(toolsRefreshed, { count: 2 })
      await stayed.counts

      const first = await Promise.race([left.counts, Promise.resolve('nothing')])
      expect(first).toBe('nothing')
    })

    it('refuses an event that is too long', async () => {
      const publisher = await world.connect('catalog')

      const publish = () =>
        publisher.publish(toolsRefreshed, { count: 'x'.repeat(600_000) as never })

      expect(publish).toThrow(expect.objectContaining({ reason: 'payload_too_large' }))
    })
  })
}
