import { ServiceError, servicePrincipal } from '@executor/contracts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  aPrincipal,
  type BusFixture,
  catalog,
  catalogHandlers,
  createWorld,
  type World,
} from './fixture.ts'

const principal = aPrincipal()

export function requestSuite(fixture: () => BusFixture): void {
  describe('request', () => {
    let world: World
    beforeEach(() => {
      world = createWorld(fixture())
    })
    afterEach(() => world.close())

    async function serve(own: Parameters<typeof catalogHandlers>[0] = {}) {
      const server = await world.connect('catalog')
      await server.serve(catalog, catalogHandlers(own))
      return { server, client: await world.connect('gateway') }
    }

    it('answers with what the handler returns', async () => {
      const { client } = await serve({
        echo: ({ text }) => ({ text: `${text}!`, tags: ['é', '😀'] }),
      })

      const answer = await client.request(catalog.echo, { text: 'hello' }, { principal })

      expect(answer).toEqual({ text: 'hello!', tags: ['é', '😀'] })
    })

    it('fills defaults in where the request arrives', async () => {
      const { client } = await serve()

      const answer = await client.request(catalog.echo, {}, { principal })

      expect(answer).toEqual({ text: 'nothing', tags: [] })
    })

    it('refuses an input that breaks the contract, and says which part', async () => {
      const { client } = await serve({
        echo: () => {
          throw new ServiceError('internal', 'reached', 'The handler was reached.')
        },
      })

      const asked = client.request(catalog.echo, { text: 7 as never }, { principal })

      await expect(asked).rejects.toMatchObject({
        code: 'invalid_argument',
        reason: 'invalid_input',
        message: expect.stringContaining('text'),
        details: { issues: [{ path: 'text' }] },
      })
    })

    it('refuses a principal that is none', async () => {
      const { client } = await serve()

      const asked = client.request(catalog.echo, {}, { principal: aPrincipal({ tenant: '' }) })

      await expect(asked).rejects.toMatchObject({
        code: 'invalid_argument',
        reason: 'malformed_message',
      })
    })

    it('does not let an answer that breaks the contract through', async () => {
      const { client } = await serve({ act: () => ({ text: 7 as never }) })

      const asked = client.request(catalog.act, { text: '' }, { principal })

      await expect(asked).rejects.toMatchObject({ code: 'internal', reason: 'invalid_output' })
    })

    it('shares nothing between the two sides', async () => {
      const answered = { text: 'kept', tags: ['server'] }
      const { client } = await serve({
        echo: (input, context) => {
          input.tags.push('changed')
          context.principal.roles.push('admin')
          return answered
        },
      })
      const input = { tags: ['client'] }
      const asking = aPrincipal()

      const answer = await client.request(catalog.echo, input, { principal: asking })
      answer.tags.push('changed')

      expect(input.tags).toEqual(['client'])
      expect(asking.roles).toEqual(['owner'])
      expect(answered.tags).toEqual(['server'])
    })

    it('never runs the handler before the caller goes on', async () => {
      const order: string[] = []
      const { client } = await serve({
        wait: () => {
          order.push('handler')
          return null
        },
      })

      const asked = client.request(catalog.wait, {}, { principal })
      order.push('caller')
      await asked

      expect(order).toEqual(['caller', 'handler'])
    })

    it('carries the principal and the time that is left', async () => {
      const { client } = await serve()
      const asking = aPrincipal({ subject: 'zoë', roles: ['member', 'agent'] })

      const answer = await client.request(
        catalog.whoAsks,
        {},
        { principal: asking, timeoutMs: 5_000 },
      )

      expect(answer).toMatchObject({ subject: 'zoë', roles: ['member', 'agent'] })
      expect(answer.leftMs).toBeGreaterThan(1_000)
      expect(answer.leftMs).toBeLessThanOrEqual(5_000)
    })

    it('passes encoded answers through as they are', async () => {
      const { client } = await serve()
      const text = '{ "b": 1,\n  "a": [ 1.0 ] }'

      const answer = await client.request(catalog.passThrough, { text }, { principal })

      expect(answer).toEqual({ json: text })
    })

    it.each([
      ['a few', '{ "b": 1,\n  "ä": [ 1.0 ] }'],
      ['a million', JSON.stringify('ä'.repeat(1_000_000))],
    ])('passes %s encoded bytes through as they are', async (_, text) => {
      const { client } = await serve()

      const { bytes } = await client.request(catalog.passBytes, { text }, { principal })

      expect(Buffer.compare(bytes, Buffer.from(text))).toBe(0)
    })

    it('keeps many answers apart', async () => {
      const { client } = await serve({
        echo: async ({ text, tags }) => {
          await new Promise((resolve) => setImmediate(resolve))
          return { text, tags }
        },
      })
      const texts = Array.from({ length: 200 }, (_, index) => `text ${index}`)

      const answers = await Promise.all(
        texts.map((text) => client.request(catalog.echo, { text }, { principal })),
      )

      expect(answers.map(({ text }) => text)).toEqual(texts)
    })

    it('shares the requests among the instances of a service', async () => {
      const client = await world.connect('gateway')
      for (const text of ['first', 'second']) {
        const server = await world.connect('catalog')
        await server.serve(catalog, catalogHandlers({ act: () => ({ text }) }))
      }

      const answers = await Promise.all(
        Array.from({ length: 60 }, () => client.request(catalog.act, { text: '' }, { principal })),
      )

      expect(new Set(answers.map(({ text }) => text))).toEqual(new Set(['first', 'second']))
    })

    it('is unavailable when nobody answers', async () => {
      const client = await world.connect('gateway')

      const asked = client.request(catalog.echo, {}, { principal })

      await expect(asked).rejects.toMatchObject({ code: 'unavailable', reason: 'no_responders' })
    })
  })

  describe('request that fails', () => {
    let world: World
    beforeEach(() => {
      world = createWorld(fixture())
    })
    afterEach(() => world.close())

    async function failWith(error: unknown) {
      const server = await world.connect('catalog')
      await server.serve(
        catalog,
        catalogHandlers({
          act: () => {
            throw error
          },
        }),
      )
      const client = await world.connect('gateway')
      return client.request(catalog.act, { text: '' }, { principal }).then(
        () => null,
        (failure: unknown) => failure,
      )
    }

    it('carries a failure with its code, reason, message and details', async () => {
      const failure = await failWith(
        new ServiceError('failed_precondition', 'spec_is_stale', 'Line one.\r\nLine two: é.', {
          details: { nested: { list: [1, 'two', null] } },
          cause: new TypeError('secret cause'),
        }),
      )

      expect(failure).toBeInstanceOf(ServiceError)
      expect(failure).toMatchObject({
        code: 'failed_precondition',
        reason: 'spec_is_stale',
        message: 'Line one.\r\nLine two: é.',
        details: { nested: { list: [1, 'two', null] } },
      })
      expect((failure as Error).cause).toBeUndefined()
    })

    it('drops details that can not travel', async () => {
      const circular: Record<string, unknown> = {}
      circular.self = circular

      const failure = await failWith(
        new ServiceError('not_found', 'gone', 'It is gone.', { details: circular }),
      )

      expect(failure).toMatchObject({ code: 'not_found', reason: 'gone', details: undefined })
    })

    it('withholds what an unknown error says, and reports it', async () => {
      const reported = world.nextFault('request')
      const bug = new TypeError('password is hunter2')

      const failure = await failWith(bug)

      expect(failure).toMatchObject({ code: 'internal', reason: 'internal_error' })
      expect(String(failure)).not.toContain('hunter2')
      expect(await reported).toMatchObject({ subject: 'catalog.act', error: bug })
    })
  })

  describe('access', () => {
    let world: World
    beforeEach(async () => {
      world = createWorld(fixture())
      const server = await world.connect('catalog')
      await server.serve(catalog, catalogHandlers())
    })
    afterEach(() => world.close())

    const agent = aPrincipal({ roles: ['owner', 'agent'] })

    it('refuses agents what changes things', async () => {
      const client = await world.connect('gateway')

      const asked = client.request(catalog.change, {}, { principal: agent })

      await expect(asked).rejects.toMatchObject({
        code: 'permission_denied',
        reason: 'agent_not_allowed',
      })
    })

    it('lets people and services change things', async () => {
      const client = await world.connect('gateway')

      expect(await client.request(catalog.change, {}, { principal })).toBe('changed')
      const service = servicePrincipal('acme')
      expect(await client.request(catalog.change, {}, { principal: service })).toBe('changed')
    })

    it('lets agents read and call', async () => {
      const client = await world.connect('gateway')

      expect(await client.request(catalog.act, { text: 'hi' }, { principal: agent })).toEqual({
        text: 'hi',
      })
    })

    it('refuses the gateway what is between services, whoever it speaks for', async () => {
      const client = await world.connect('gateway')

      for (const asking of [principal, servicePrincipal('acme')]) {
        const asked = client.request(catalog.serviceOnly, {}, { principal: asking })
        await expect(asked).rejects.toMatchObject({
          code: 'permission_denied',
          reason: 'internal_method',
        })
      }
    })

    it('lets a service ask for an agent what is between services', async () => {
      const client = await world.connect('executor')

      expect(await client.request(catalog.serviceOnly, {}, { principal: agent })).toBe('served')
    })
  })
}
