import { jetstreamManager } from '@nats-io/jetstream'
import { connect } from '@nats-io/transport-node'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { connectNatsBus } from './nats.ts'
import {
  aPrincipal,
  aQueue,
  catalog,
  catalogHandlers,
  createWorld,
  toolsRefreshed,
  type World,
} from './suite/fixture.ts'
import { type NatsServer, startNats, whyNoNats } from './testing/start-nats.ts'

const missing = await whyNoNats()
if (missing !== null) console.warn(`The tests on an open NATS are skipped: ${missing}`)

const principal = aPrincipal()

describe.skipIf(missing !== null)('connectNatsBus, on a server that others use too', () => {
  let nats: NatsServer
  let world: World
  let prefix = ''
  beforeAll(async () => {
    nats = await startNats({ isOpen: true })
  })
  afterAll(() => nats?.stop())
  beforeEach(() => {
    world = createWorld({
      connect: (name, onError) => connectNatsBus({ servers: nats.servers, name, prefix, onError }),
      close: async () => {},
    })
  })
  afterEach(() => world.close())

  /** A deployment of its own. */
  async function deploy(name: string) {
    prefix = name
    const server = await world.connect('catalog')
    await server.serve(catalog, catalogHandlers({ act: () => ({ text: name }) }))
    return {
      server,
      client: await world.connect('gateway'),
      worker: await world.connect('executor'),
    }
  }

  it('keeps deployments with different prefixes apart', async () => {
    const blue = await deploy('team.blue')
    const green = await deploy('green')
    const queue = aQueue()
    const heard: string[] = []
    const worked = Promise.withResolvers<void>()
    await green.client.subscribe(toolsRefreshed, () => heard.push('green'))
    await green.worker.work(queue, { concurrency: 1 }, async () => void heard.push('green work'))
    const got = Promise.withResolvers<void>()
    await blue.client.subscribe(toolsRefreshed, () => got.resolve())
    await blue.worker.work(queue, { concurrency: 1 }, async () => worked.resolve())

    const answers = await Promise.all(
      [blue, green].map(({ client }) => client.request(catalog.act, { text: '' }, { principal })),
    )
    blue.server.publish(toolsRefreshed, { count: 1 })
    await blue.worker.enqueue(queue, { run: 'blue' }, { id: 'blue' })
    await Promise.all([got.promise, worked.promise])
    await green.client.request(catalog.act, { text: '' }, { principal })

    expect(answers.map(({ text }) => text)).toEqual(['team.blue', 'green'])
    expect(heard).toEqual([])
  })

  it('makes a queue again that JetStream has lost', async () => {
    const { worker } = await deploy('lossy')
    const queue = aQueue()
    const runs: string[] = []
    const all = Promise.withResolvers<void>()
    await worker.work(queue, { concurrency: 2 }, async ({ run }) => {
      runs.push(run)
      if (run === 'after') all.resolve()
    })
    const visitor = await connect({ servers: nats.servers })
    const { streams } = await jetstreamManager(visitor)

    await streams.delete('WORK_lossy_executor')
    await worker.enqueue(queue, { run: 'after' }, { id: 'after' })
    await all.promise
    await visitor.close()

    expect(runs).toEqual(['after'])
  })

  it('brings a queue up to date with its definition', async () => {
    const { worker } = await deploy('changing')
    const queue = aQueue({ ackWaitMs: 60_000 })
    const taken = Promise.withResolvers<void>()
    const first = await worker.work(queue, { concurrency: 1 }, async () => taken.resolve())
    await worker.enqueue(queue, { run: 'first' }, { id: 'first' })
    await taken.promise
    await first.drain()

    const attempts: number[] = []
    const again = Promise.withResolvers<void>()
    const shorter = { ...queue, ackWaitMs: 200 }
    await worker.work(shorter, { concurrency: 2 }, async (_job, { attempt }) => {
      attempts.push(attempt)
      if (attempt === 1) await again.promise
      else again.resolve()
    })
    await worker.enqueue(shorter, { run: 'silent' }, { id: 'silent' })
    await again.promise

    expect(attempts).toEqual([1, 2])
  })

  it('shows up in the NATS Service API', async () => {
    await deploy('shown')
    const visitor = await connect({ servers: nats.servers })

    const info = (await visitor.request('$SRV.INFO.catalog')).json<{
      name: string
      endpoints: { subject: string; queue_group: string }[]
    }>()
    await visitor.close()

    expect(info.name).toBe('catalog')
    expect(info.endpoints).toContainEqual(
      expect.objectContaining({ subject: 'shown.catalog.who-asks', queue_group: 'catalog' }),
    )
  })
})
