import { PAYLOAD_BYTES_MAX, type Principal } from '@executor/contracts'
import { connect, headers, type Msg, type NatsConnection } from '@nats-io/transport-node'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { connectNatsBus } from './nats.ts'
import { aPrincipal, catalog, catalogHandlers, createWorld, type World } from './suite/fixture.ts'
import { type NatsServer, startNats, whyNoNats } from './testing/start-nats.ts'

const missing = await whyNoNats()
if (missing !== null) console.warn(`The NATS protocol tests are skipped: ${missing}`)

const principal = aPrincipal()

/** Both sides against a peer that keeps to no rules of ours, but has a service's login. */
describe.skipIf(missing !== null)('the wire', () => {
  let nats: NatsServer
  let world: World
  let peer: NatsConnection
  let inboxes = 0
  beforeAll(async () => {
    nats = await startNats()
  })
  afterAll(() => nats?.stop())
  beforeEach(() => {
    world = createWorld({
      connect: (name, onError) => connectNatsBus({ ...nats.login(name), onError }),
      close: async () => {},
    })
  })
  afterEach(async () => {
    await peer.close()
    await world.close()
  })

  async function breakIn(name: string) {
    const { servers, user, password } = nats.login(name)
    peer = await connect({ servers, user, pass: password, inboxPrefix: `_INBOX_${name}` })
    return peer
  }

  function requestHeaders(own: Record<string, string> = {}, asking: Principal = principal) {
    const result = headers()
    const all = { 'Executor-Principal': JSON.stringify(asking), 'Executor-Timeout': '2000', ...own }
    for (const [key, value] of Object.entries(all)) result.set(key, value)
    return result
  }

  /** An inbox of the gateway, and what arrives there, one by one. */
  function openInbox() {
    inboxes += 1
    const inbox = `_INBOX_gateway.peer.${inboxes}`
    const arrived: Msg[] = []
    const waiting: ((message: Msg) => void)[] = []
    peer.subscribe(inbox, {
      callback: (_error, message) => {
        const next = waiting.shift()
        if (next === undefined) arrived.push(message)
        else next(message)
      },
    })
    const next = async () =>
      arrived.shift() ?? (await new Promise<Msg>((resolve) => waiting.push(resolve)))
    return { inbox, next, arrived }
  }

  const frameOf = (message: Msg) => message.headers?.get('Executor-Frame') ?? ''

  async function serve(own: Parameters<typeof catalogHandlers>[0] = {}) {
    const server = await world.connect('catalog')
    await server.serve(catalog, catalogHandlers(own))
    await breakIn('gateway')
  }

  it('answers again, and works out once, what is asked after', async () => {
    let calls = 0
    await serve({
      act: (input) => {
        calls += 1
        return input
      },
    })
    const { inbox, next } = openInbox()

    peer.publish('catalog.act', '{"text":"once"}', { headers: requestHeaders(), reply: inbox })
    const first = await next()
    peer.publish('calls.catalog.probe', '', { reply: inbox })
    const second = await next()

    expect([first.string(), second.string()]).toEqual(['{"text":"once"}', '{"text":"once"}'])
    expect(calls).toBe(1)
  })

  it('takes a request that comes twice for one, and says that it is being worked on', async () => {
    const leave = Promise.withResolvers<void>()
    let calls = 0
    await serve({
      act: async (input) => {
        calls += 1
        await leave.promise
        return input
      },
    })
    const { inbox, next } = openInbox()

    for (const _time of [1, 2]) {
      peer.publish('catalog.act', '{"text":""}', { headers: requestHeaders(), reply: inbox })
    }
    peer.publish('calls.catalog.probe', '', { reply: inbox })
    const working = await next()
    leave.resolve()
    const answer = await next()

    expect(frameOf(working)).toBe('working')
    expect(answer.string()).toBe('{"text":""}')
    expect(calls).toBe(1)
  })

  it.each([
    ['without headers', undefined],
    ['without a deadline', { 'Executor-Timeout': '0' }],
    ['without a principal', { 'Executor-Principal': '{' }],
    ['with a principal of its own making', { 'Executor-Principal': '{"tenant":"acme"}' }],
  ])('refuses a request %s', async (_case, own) => {
    await serve()
    const { inbox, next } = openInbox()

    const head = own === undefined ? {} : { headers: requestHeaders(own) }
    peer.publish('catalog.echo', '{}', { ...head, reply: inbox })

    expect(frameOf(await next())).toContain('"reason":"malformed_message"')
  })

  it('refuses a body that is no JSON', async () => {
    await serve()
    const { inbox, next } = openInbox()

    peer.publish('catalog.echo', '{"text":', { headers: requestHeaders(), reply: inbox })

    expect(frameOf(await next())).toContain('"reason":"malformed_message"')
  })

  it('does not fetch a body that is too long', async () => {
    await serve()
    const { inbox, next } = openInbox()
    const announced = requestHeaders({ 'Executor-Frame': `body ${PAYLOAD_BYTES_MAX + 1}` })

    peer.publish('catalog.echo', '', { headers: announced, reply: inbox })

    expect(frameOf(await next())).toContain('"reason":"payload_too_large"')
  })

  it('does not fetch a body from somebody who may not send it', async () => {
    await serve()
    const { inbox, next } = openInbox()
    const agent = aPrincipal({ roles: ['agent'] })
    const announced = requestHeaders({ 'Executor-Frame': 'body 1000000' }, agent)

    peer.publish('catalog.change', '', { headers: announced, reply: inbox })

    expect(frameOf(await next())).toContain('"reason":"agent_not_allowed"')
  })

  it('takes chunks in order alone, and never more than announced', async () => {
    await serve()
    const { inbox, next } = openInbox()
    const body = '{"text":"whole"}'
    const chunk = (offset: number) => {
      const result = headers()
      result.set('Executor-Frame', `chunk ${offset}`)
      return result
    }

    const announced = requestHeaders({ 'Executor-Frame': `body ${body.length}` })
    peer.publish('catalog.echo', '', { headers: announced, reply: inbox })
    const pull = await next()
    const stream = pull.reply ?? ''
    peer.publish(stream, body.slice(8), { headers: chunk(8) })
    peer.publish(stream, `${body}and more`, { headers: chunk(0) })
    peer.publish(stream, body.slice(0, 8), { headers: chunk(0) })
    peer.publish(stream, body.slice(0, 8), { headers: chunk(0) })
    peer.publish(stream, body.slice(8), { headers: chunk(8) })

    expect(frameOf(pull)).toBe('pull 0')
    expect((await next()).json()).toEqual({ text: 'whole', tags: [] })
  })

  it('does not let a server direct a request anywhere else', async () => {
    await breakIn('catalog')
    peer.subscribe('catalog.act', {
      callback: (_error, message) => {
        const pull = headers()
        pull.set('Executor-Frame', 'pull 0')
        peer.publish(message.reply ?? '', '', {
          headers: pull,
          reply: 'connections.create-connection',
        })
      },
    })
    await peer.flush()
    const client = await world.connect('gateway')

    const asked = client.request(catalog.act, { text: 'private' }, { principal })

    await expect(asked).rejects.toMatchObject({ reason: 'malformed_message' })
  })

  it.each([
    ['an error that is none', 'error {"code":"made_up"}', ''],
    ['an error that is no JSON', 'error {', ''],
    ['an answer that is no JSON', '', '{'],
    ['an answer of another shape', '', '[]'],
  ])('does not believe %s', async (_case, frame, body) => {
    await breakIn('catalog')
    peer.subscribe('catalog.act', {
      callback: (_error, message) => {
        const result = headers()
        if (frame !== '') result.set('Executor-Frame', frame)
        message.respond(body, { headers: result })
      },
    })
    await peer.flush()
    const client = await world.connect('gateway')

    const asked = client.request(catalog.act, { text: '' }, { principal })

    await expect(asked).rejects.toMatchObject({ code: 'internal', reason: 'invalid_output' })
  })

  it('does not put together an answer that is too long', async () => {
    await breakIn('catalog')
    peer.subscribe('catalog.act', {
      callback: (_error, message) => {
        const result = headers()
        result.set('Executor-Frame', 'body 9999999999')
        peer.publish(message.reply ?? '', '', { headers: result, reply: 'calls.catalog.x.y' })
      },
    })
    await peer.flush()
    const client = await world.connect('gateway')

    const asked = client.request(catalog.act, { text: '' }, { principal })

    await expect(asked).rejects.toMatchObject({ code: 'resource_exhausted' })
  })
})
