// What one message costs: `node bench/parts/bus.ts`. NATS runs in a container, as the test suites start it.
import { type Bus, createInProcessBus } from '@executor/bus'
import { connectNatsBus } from '@executor/bus/nats'
import { startNats } from '@executor/bus/testing'
import { defineContract, defineQueue, type Principal } from '@executor/contracts'
import { z } from 'zod'

const Text = z.object({ text: z.string() })
const catalog = defineContract('catalog', {
  echo: { input: Text, output: Text, access: 'read', idempotent: true, timeoutMs: 60_000 },
})
const queue = defineQueue('executor', `bench${Date.now()}`, Text, {
  ackWaitMs: 30_000,
  attemptsMax: 1,
})
const principal: Principal = { tenant: 'acme', subject: 'ada', roles: ['owner'], via: 'rest' }
const SMALL = 'x'.repeat(200)

interface Form {
  name: string
  connect(name: string): Promise<Bus>
  close(): Promise<void>
}

async function measure({ name, connect, close }: Form): Promise<void> {
  const server = await connect('catalog')
  const client = await connect('gateway')
  const worker = await connect('executor')
  await server.serve(catalog, { echo: (input) => input })
  const ask = (text: string) => client.request(catalog.echo, { text }, { principal })

  await times(5_000, () => ask(SMALL))
  const oneByOne = await times(10_000, () => ask(SMALL))
  print(name, 'one request, p50', `${format(oneByOne.p50Ms * 1000)} µs`)
  print(name, 'one request, p95', `${format(oneByOne.p95Ms * 1000)} µs`)

  const startedMs = performance.now()
  let left = 50_000
  await Promise.all(
    Array.from({ length: 64 }, async () => {
      while (left-- > 0) await ask(SMALL)
    }),
  )
  print(name, 'requests/s, 64 in flight', format(50_000 / ((performance.now() - startedMs) / 1000)))

  const long = 'x'.repeat(20 * 1024 * 1024)
  await times(2, () => ask(long))
  print(name, '20 MB there and back', `${format((await times(5, () => ask(long))).p50Ms)} ms`)

  let done = () => {}
  await worker.work(queue, { concurrency: 16 }, async () => done())
  let job = 0
  const jobs = await times(500, async () => {
    const worked = new Promise<void>((resolve) => {
      done = resolve
    })
    job += 1
    await worker.enqueue(queue, { text: SMALL }, { id: `${job}` })
    await worked
  })
  print(name, 'one job, enqueued and begun, p50', `${format(jobs.p50Ms * 1000)} µs`)

  for (const bus of [client, worker, server]) await bus.close()
  await close()
}

async function times(count: number, task: () => Promise<unknown>) {
  const taken: number[] = []
  for (let index = 0; index < count; index += 1) {
    const startedMs = performance.now()
    await task()
    taken.push(performance.now() - startedMs)
  }
  taken.sort((a, b) => a - b)
  const at = (share: number) => taken[Math.floor(taken.length * share)] ?? 0
  return { p50Ms: at(0.5), p95Ms: at(0.95) }
}

function format(value: number): string {
  return value < 100 ? value.toFixed(1) : Math.round(value).toLocaleString('en')
}

function print(form: string, what: string, value: string): void {
  console.log(`${form.padEnd(12)} ${what.padEnd(36)} ${value.padStart(12)}`)
}

const hub = createInProcessBus()
await measure({
  name: 'in-process',
  connect: async (name) => hub.connect(name),
  close: () => hub.close(),
})

const nats = await startNats()
await measure({
  name: 'NATS',
  connect: (name) => connectNatsBus(nats.login(name)),
  close: () => nats.stop(),
})
