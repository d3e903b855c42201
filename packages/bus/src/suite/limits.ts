import { PAYLOAD_BYTES_MAX } from '@executor/contracts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  aPrincipal,
  type BusFixture,
  catalog,
  catalogHandlers,
  createWorld,
  executor,
  policy,
  type World,
} from './fixture.ts'

const principal = aPrincipal()

export function limitSuite(fixture: () => BusFixture): void {
  describe('limits', () => {
    let world: World
    beforeEach(() => {
      world = createWorld(fixture())
    })
    afterEach(() => world.close())

    async function serve(own: Parameters<typeof catalogHandlers>[0] = {}) {
      const server = await world.connect('catalog')
      await server.serve(catalog, catalogHandlers(own))
      return world.connect('gateway')
    }

    it('stops waiting at the deadline, and tells the handler', async () => {
      const stopped = Promise.withResolvers<unknown>()
      const client = await serve({
        wait: (_input, { signal }) =>
          new Promise(() => signal.addEventListener('abort', () => stopped.resolve(signal.reason))),
      })

      const asked = client.request(catalog.wait, {}, { principal, timeoutMs: 100 })

      await expect(asked).rejects.toMatchObject({ code: 'deadline_exceeded' })
      expect(await stopped.promise).toMatchObject({ reason: expect.any(String) })
    })

    it('stops waiting when the caller gives up, and tells the handler', async () => {
      const started = Promise.withResolvers<void>()
      const stopped = Promise.withResolvers<unknown>()
      const client = await serve({
        wait: (_input, { signal }) =>
          new Promise(() => {
            signal.addEventListener('abort', () => stopped.resolve(signal.reason))
            started.resolve()
          }),
      })
      const controller = new AbortController()

      const asked = client.request(catalog.wait, {}, { principal, signal: controller.signal })
      await started.promise
      controller.abort()

      await expect(asked).rejects.toMatchObject({ code: 'cancelled', reason: 'cancelled' })
      expect(await stopped.promise).toMatchObject({ code: 'cancelled' })
    })

    it('tells those further down, too', async () => {
      const started = Promise.withResolvers<void>()
      const stopped = Promise.withResolvers<unknown>()
      const middle = await world.connect('catalog')
      const last = await world.connect('policy')
      await last.serve(policy, {
        echo: (_input, { signal }) =>
          new Promise(() => {
            signal.addEventListener('abort', () => stopped.resolve(signal.reason))
            started.resolve()
          }),
      })
      const asker = await world.connect('executor')
      await asker.serve(executor, {
        relay: async (_input, context) => {
          await asker.request(policy.echo, { text: '' }, context)
          return null
        },
      })
      const controller = new AbortController()

      const asked = middle.request(executor.relay, {}, { principal, signal: controller.signal })
      await started.promise
      controller.abort()

      await expect(asked).rejects.toMatchObject({ code: 'cancelled' })
      expect(await stopped.promise).toMatchObject({ code: 'cancelled' })
    })

    it('does not even ask when the caller has given up already', async () => {
      let calls = 0
      const client = await serve({
        act: (input) => {
          calls += 1
          return input
        },
      })

      const signal = AbortSignal.abort()
      const asked = client.request(catalog.act, { text: '' }, { principal, signal })

      await expect(asked).rejects.toMatchObject({ code: 'cancelled' })
      await client.request(catalog.act, { text: '' }, { principal })
      expect(calls).toBe(1)
    })

    it('carries 20 MB there and back', async () => {
      const client = await serve()
      const text = 'twenty megabytes, é: '.repeat(1_000_000)

      const answer = await client.request(catalog.echo, { text }, { principal })

      expect(answer.text === text).toBe(true)
    })

    it.each([3, 20_000_000])('carries %s bytes beside the input as they are', async (length) => {
      const received: (Uint8Array | undefined)[] = []
      const client = await serve({
        echo: (input, { attachment }) => {
          received.push(attachment)
          return { ...input, text: `${attachment?.length}` }
        },
      })
      const attachment = Buffer.alloc(length, 0xff)

      const answer = await client.request(catalog.echo, { text: 'é' }, { principal, attachment })

      expect(answer.text).toBe(String(length))
      expect(Buffer.compare(received[0] ?? new Uint8Array(), Buffer.alloc(length, 0xff))).toBe(0)
    })

    it('refuses bytes that are too many before they are sent', async () => {
      const client = await serve()
      const attachment = new Uint8Array(PAYLOAD_BYTES_MAX)

      const asked = client.request(catalog.echo, {}, { principal, attachment })

      await expect(asked).rejects.toMatchObject({ reason: 'payload_too_large' })
    })

    it('carries several long bodies at once', async () => {
      const client = await serve()
      const texts = ['a', 'b', 'c', 'd'].map((letter) => letter.repeat(3_000_000))

      const answers = await Promise.all(
        texts.map((text) => client.request(catalog.echo, { text }, { principal })),
      )

      expect(answers.map(({ text }, index) => text === texts[index])).toEqual([
        true,
        true,
        true,
        true,
      ])
    })

    it('refuses a request that is too long before it is sent', async () => {
      const client = await serve()
      const text = 'x'.repeat(PAYLOAD_BYTES_MAX)

      const asked = client.request(catalog.echo, { text }, { principal })

      await expect(asked).rejects.toMatchObject({
        code: 'invalid_argument',
        reason: 'payload_too_large',
      })
    })

    it('refuses an answer that is too long', async () => {
      const client = await serve({ act: () => ({ text: 'x'.repeat(PAYLOAD_BYTES_MAX) }) })

      const asked = client.request(catalog.act, { text: '' }, { principal })

      await expect(asked).rejects.toMatchObject({
        code: 'resource_exhausted',
        reason: 'reply_too_large',
      })
    })

    it('refuses what is no JSON', async () => {
      const client = await serve()

      const asked = client.request(catalog.act, { text: 1n as never }, { principal })

      await expect(asked).rejects.toMatchObject({
        code: 'invalid_argument',
        reason: 'malformed_message',
      })
    })
  })
}
