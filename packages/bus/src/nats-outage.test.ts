import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { connectNatsBus, type NatsBusOptions } from './nats.ts'
import {
  aPrincipal,
  aQueue,
  catalog,
  catalogHandlers,
  createWorld,
  toolsRefreshed,
  type World,
} from './suite/fixture.ts'
import type { VictimOrder } from './suite/victim.ts'
import { type NatsServer, startNats, whyNoNats } from './testing/start-nats.ts'

const missing = await whyNoNats()
if (missing !== null) console.warn(`The NATS outage tests are skipped: ${missing}`)

const principal = aPrincipal()
const VICTIM = fileURLToPath(new URL('./suite/victim.ts', import.meta.url))

describe.skipIf(missing !== null)('connectNatsBus, when things go away', () => {
  let nats: NatsServer
  let world: World
  const children: ChildProcess[] = []
  beforeAll(async () => {
    nats = await startNats()
  })
  afterAll(() => nats?.stop())
  beforeEach(() => {
    world = createWorld({ connect, close: async () => {} })
  })
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL')
    await world.close()
  })

  const options = (name: string): NatsBusOptions => ({ ...nats.login(name), probeIntervalMs: 300 })
  const connect = (name: string, onError: NonNullable<NatsBusOptions['onError']>) =>
    connectNatsBus({ ...options(name), onError })

  /** A handler that can be held. */
  function aGate() {
    const entered = Promise.withResolvers<void>()
    const leave = Promise.withResolvers<void>()
    let entries = 0
    const pass = async <T>(input: T): Promise<T> => {
      entries += 1
      entered.resolve()
      await leave.promise
      return input
    }
    return { pass, entered: entered.promise, leave: leave.resolve, entries: () => entries }
  }

  /** A process that takes something and never finishes. */
  function startVictim(order: VictimOrder) {
    const child = fork(VICTIM)
    children.push(child)
    child.send(order)
    const heard = (word: string) =>
      new Promise<void>((resolve) => child.on('message', (said) => said === word && resolve()))
    return { ready: heard('ready'), taken: heard('taken'), kill: () => child.kill('SIGKILL') }
  }

  it('carries a request that was made while NATS was away', async () => {
    const server = await world.connect('catalog')
    await server.serve(catalog, catalogHandlers())
    const client = await world.connect('gateway')
    await nats.halt()

    const asked = client.request(catalog.act, { text: 'patient' }, { principal })
    await nats.resume()

    expect(await asked).toEqual({ text: 'patient' })
  })

  it.each(['act', 'echo'] as const)(
    'answers %s that was under way, worked out once',
    async (name) => {
      const gate = aGate()
      const server = await world.connect('catalog')
      await server.serve(catalog, catalogHandlers({ [name]: gate.pass }))
      const client = await world.connect('gateway')

      const asked = client.request(catalog[name], { text: 'held' }, { principal })
      await gate.entered
      await nats.halt()
      gate.leave()
      await nats.resume()

      expect(await asked).toMatchObject({ text: 'held' })
      expect(gate.entries()).toBeLessThanOrEqual(name === 'act' ? 1 : 2)
    },
  )

  it('keeps deadlines while NATS is away', async () => {
    const client = await world.connect('gateway')
    await nats.halt()

    const asked = client.request(catalog.act, { text: '' }, { principal, timeoutMs: 200 })

    await expect(asked).rejects.toMatchObject({ code: 'deadline_exceeded' })
    await nats.resume()
  })

  it('tells subscribers what they may have missed, and goes on', async () => {
    const publisher = await world.connect('catalog')
    const listener = await world.connect('gateway')
    const missed = Promise.withResolvers<void>()
    const got = Promise.withResolvers<number>()
    await listener.subscribe(toolsRefreshed, ({ count }) => got.resolve(count), {
      missed: missed.resolve,
    })
    await nats.halt()
    await nats.resume()
    await missed.promise
    const server = await world.connect('catalog')

    server.publish(toolsRefreshed, { count: 3 })

    expect(await got.promise).toBe(3)
    publisher.publish(toolsRefreshed, { count: 4 })
  })

  it('keeps jobs, those in hand and those to come', async () => {
    const queue = aQueue({ ackWaitMs: 30_000 })
    const bus = await world.connect('executor')
    const gate = aGate()
    const runs: string[] = []
    const all = Promise.withResolvers<void>()
    await bus.work(queue, { concurrency: 2 }, async ({ run }, { attempt }) => {
      if (run === 'in hand') await gate.pass(run)
      runs.push(`${run} ${attempt}`)
      if (runs.length === 3) all.resolve()
    })
    await bus.enqueue(queue, { run: 'in hand' }, { id: '1' })
    await gate.entered

    await nats.halt()
    const late = bus.enqueue(queue, { run: 'late' }, { id: '2' })
    gate.leave()
    await nats.resume()
    await late
    await bus.enqueue(queue, { run: 'after' }, { id: '3' })
    await all.promise

    expect(runs.sort()).toEqual(['after 1', 'in hand 1', 'late 1'])
  })

  it('does not wait for a server that was killed', async () => {
    const victim = startVictim({ login: options('catalog') })
    await victim.ready
    const client = await world.connect('gateway')

    const asked = client.request(catalog.act, { text: 'lost' }, { principal })
    await victim.taken
    victim.kill()

    await expect(asked).rejects.toMatchObject({ code: 'unavailable', reason: 'connection_lost' })
  })

  it('learns from NATS that the process which worked on it is gone, not from its silence', async () => {
    const victim = startVictim({ login: options('catalog') })
    await victim.ready
    const client = await connectNatsBus({ ...options('gateway'), probeIntervalMs: 4_500 })

    const asked = client.request(catalog.act, { text: 'lost' }, { principal, timeoutMs: 60_000 })
    await victim.taken
    // Long enough that it was asked after, and answered.
    setTimeout(victim.kill, 2_500)

    await expect(asked).rejects.toMatchObject({ reason: 'connection_lost' })
    await client.close()
  })

  it('leaves alone what others work on when one is killed', async () => {
    const victim = startVictim({ login: options('catalog') })
    await victim.ready
    const gate = aGate()
    const server = await world.connect('catalog')
    await server.serve(catalog, catalogHandlers({ act: gate.pass }))
    const client = await world.connect('gateway')

    const asked = Array.from({ length: 24 }, () =>
      client.request(catalog.act, { text: 'one of many' }, { principal }),
    )
    await Promise.all([victim.taken, gate.entered])
    victim.kill()
    const settled = Promise.allSettled(asked)
    await Promise.race(asked).catch(() => {})
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    gate.leave()

    const kept = (await settled).filter(({ status }) => status === 'fulfilled')
    expect(kept).toHaveLength(gate.entries())
    expect(kept.length).toBeLessThan(asked.length)
  })

  it('asks another instance what is safe to ask again', async () => {
    const victim = startVictim({ login: options('catalog') })
    await victim.ready
    const client = await world.connect('gateway')

    const asked = client.request(catalog.echo, { text: 'again' }, { principal })
    await victim.taken
    const server = await world.connect('catalog')
    await server.serve(catalog, catalogHandlers())
    victim.kill()

    expect(await asked).toMatchObject({ text: 'again' })
  })

  it('waits for a server that is slow but alive', async () => {
    const gate = aGate()
    const server = await world.connect('catalog')
    await server.serve(catalog, catalogHandlers({ act: gate.pass }))
    const client = await world.connect('gateway')

    const asked = client.request(catalog.act, { text: 'slow' }, { principal })
    await gate.entered
    await new Promise((resolve) => setTimeout(resolve, 2_000))
    gate.leave()

    expect(await asked).toEqual({ text: 'slow' })
  })

  it('gives the job of a worker that was killed to another', async () => {
    const queue = aQueue({ ackWaitMs: 500 })
    const bus = await world.connect('executor')
    const victim = startVictim({
      login: options('executor'),
      queue: { subject: queue.subject, ackWaitMs: 500, attemptsMax: 5 },
    })
    await victim.ready
    await bus.enqueue(queue, { run: 'orphan' }, { id: 'orphan' })
    await victim.taken
    victim.kill()

    const got = Promise.withResolvers<string>()
    await bus.work(queue, { concurrency: 1 }, async ({ run }, { attempt }) =>
      got.resolve(`${run} ${attempt}`),
    )

    expect(await got.promise).toBe('orphan 2')
  })

  it('starts before NATS does', async () => {
    await nats.halt()
    const connecting = connectNatsBus(options('gateway'))
    await nats.resume()

    await (await connecting).close()
  })

  it('gives up on a NATS that never comes', async () => {
    const connecting = connectNatsBus({
      servers: '127.0.0.1:1',
      name: 'gateway',
      connectTimeoutMs: 10,
    })

    await expect(connecting).rejects.toMatchObject({ code: 'unavailable' })
  })

  it('closes while NATS is away', async () => {
    const server = await world.connect('catalog')
    await server.serve(catalog, catalogHandlers())
    await nats.halt()

    await server.close()
    await nats.resume()
  })
})
