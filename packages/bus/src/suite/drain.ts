import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  aPrincipal,
  type BusFixture,
  catalog,
  catalogHandlers,
  createWorld,
  executor,
  toolsRefreshed,
  type World,
} from './fixture.ts'

const principal = aPrincipal()

export function drainSuite(fixture: () => BusFixture): void {
  describe('drain', () => {
    let world: World
    beforeEach(() => {
      world = createWorld(fixture())
    })
    afterEach(() => world.close())

    it('answers what was accepted, and accepts no more', async () => {
      const started = Promise.withResolvers<void>()
      const finish = Promise.withResolvers<void>()
      const server = await world.connect('catalog')
      const subscription = await server.serve(
        catalog,
        catalogHandlers({
          wait: async () => {
            started.resolve()
            await finish.promise
            return null
          },
        }),
      )
      const client = await world.connect('gateway')

      const accepted = client.request(catalog.wait, {}, { principal })
      await started.promise
      const drained = subscription.drain()
      finish.resolve()

      expect(await accepted).toBeNull()
      await drained
      const late = client.request(catalog.wait, {}, { principal })
      await expect(late).rejects.toMatchObject({ code: 'unavailable', reason: 'no_responders' })
    })

    it('tells which instances are there, as long as they have something to answer', async () => {
      const started = Promise.withResolvers<void>()
      const finish = Promise.withResolvers<void>()
      const wait = async () => {
        started.resolve()
        await finish.promise
        return null
      }
      const server = await world.connect('executor')
      const first = await server.serve(executor, { relay: wait }, { instance: 'one' })
      const fellow = await world.connect('executor')
      const isThere = (instance: string) => fellow.isServing('executor', instance)
      const client = await world.connect('gateway')
      const accepted = client.request(executor.relay, {}, { principal })
      await started.promise

      expect(await Promise.all([isThere('one'), isThere('two')])).toEqual([true, false])
      const drained = first.drain()
      expect(await isThere('one')).toBe(true)
      finish.resolve()
      await accepted
      await drained
      expect(await isThere('one')).toBe(false)
    })

    it('loses no answer under load', async () => {
      const client = await world.connect('gateway')
      const staying = await world.connect('catalog')
      const leaving = await world.connect('catalog')
      const pause = () => new Promise((resolve) => setImmediate(resolve))
      for (const server of [staying, leaving]) {
        const act = async (input: { text: string }) => {
          await pause()
          return input
        }
        await server.serve(catalog, catalogHandlers({ act }))
      }
      let answered = 0
      const halfway = Promise.withResolvers<void>()

      const load = Array.from({ length: 32 }, async () => {
        while (answered < 2_000) {
          await client.request(catalog.act, { text: '' }, { principal })
          answered += 1
          if (answered === 1_000) halfway.resolve()
        }
      })
      await halfway.promise
      await leaving.close()
      const results = await Promise.allSettled(load)

      expect(results.filter(({ status }) => status === 'rejected')).toEqual([])
    })

    it('lets the last handlers ask, publish and answer', async () => {
      const seen = Promise.withResolvers<number>()
      const listener = await world.connect('gateway')
      await listener.subscribe(toolsRefreshed, ({ count }) => seen.resolve(count))
      const started = Promise.withResolvers<void>()
      const finish = Promise.withResolvers<void>()
      const server = await world.connect('catalog')
      await server.serve(
        catalog,
        catalogHandlers({
          wait: async () => {
            started.resolve()
            await finish.promise
            server.publish(toolsRefreshed, { count: 7 })
            return null
          },
        }),
      )

      const accepted = listener.request(catalog.wait, {}, { principal })
      await started.promise
      const closed = server.close()
      finish.resolve()

      expect(await accepted).toBeNull()
      expect(await seen.promise).toBe(7)
      await closed
    })

    it('refuses everything once closed', async () => {
      const bus = await world.connect('catalog')
      await bus.close()

      const closed = { code: 'unavailable', reason: 'bus_closed' }
      await expect(bus.request(catalog.echo, {}, { principal })).rejects.toMatchObject(closed)
      await expect(bus.serve(catalog, catalogHandlers())).rejects.toMatchObject(closed)
      expect(() => bus.publish(toolsRefreshed, { count: 1 })).toThrow('shutting down')
    })
  })
}
