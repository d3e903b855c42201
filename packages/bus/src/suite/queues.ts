import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { aQueue, type BusFixture, createWorld, type World } from './fixture.ts'

export function queueSuite(fixture: () => BusFixture): void {
  describe('work', () => {
    let world: World
    beforeEach(() => {
      world = createWorld(fixture())
    })
    afterEach(() => world.close())

    it('gives each job to one worker', async () => {
      const queue = aQueue()
      const sender = await world.connect('executor')
      const done: string[] = []
      const all = Promise.withResolvers<void>()
      for (const _worker of ['first', 'second']) {
        const bus = await world.connect('executor')
        await bus.work(queue, { concurrency: 4 }, async ({ run }) => {
          done.push(run)
          if (done.length === 40) all.resolve()
        })
      }
      const runs = Array.from({ length: 40 }, (_, index) => `run${String(index).padStart(2, '0')}`)

      await Promise.all(runs.map((run) => sender.enqueue(queue, { run }, { id: run })))
      await all.promise

      expect(done.sort()).toEqual(runs)
    })

    it('shares a burst among workers that all have room for it', async () => {
      const queue = aQueue()
      const sender = await world.connect('executor')
      const counts = [0, 0, 0]
      const end = Promise.withResolvers<void>()
      const allBegun = Promise.withResolvers<void>()
      for (const [index] of counts.entries()) {
        const bus = await world.connect('executor')
        await bus.work(queue, { concurrency: 64 }, async () => {
          counts[index] = (counts[index] ?? 0) + 1
          if (counts.reduce((sum, count) => sum + count) === 60) allBegun.resolve()
          await end.promise
        })
      }
      const runs = Array.from({ length: 60 }, (_, index) => `run${index}`)

      await Promise.all(runs.map((run) => sender.enqueue(queue, { run }, { id: run })))
      await allBegun.promise
      end.resolve()

      expect(Math.min(...counts)).toBeGreaterThanOrEqual(10)
    })

    it('keeps jobs until somebody works', async () => {
      const queue = aQueue()
      const bus = await world.connect('executor')
      const got = Promise.withResolvers<string>()

      await bus.enqueue(queue, { run: 'early' }, { id: 'early' })
      await bus.work(queue, { concurrency: 1 }, async ({ run }) => got.resolve(run))

      expect(await got.promise).toBe('early')
    })

    it('takes the same id for the same job', async () => {
      const queue = aQueue()
      const bus = await world.connect('executor')
      const runs: string[] = []
      const last = Promise.withResolvers<void>()

      await bus.enqueue(queue, { run: 'once' }, { id: 'a' })
      await bus.enqueue(queue, { run: 'twice' }, { id: 'a' })
      await bus.enqueue(queue, { run: 'last' }, { id: 'b' })
      await bus.work(queue, { concurrency: 1 }, async ({ run }) => {
        runs.push(run)
        if (run === 'last') last.resolve()
      })
      await last.promise

      expect(runs).toEqual(['once', 'last'])
    })

    it('tries again after a handler throws', async () => {
      const queue = aQueue()
      const bus = await world.connect('executor')
      const attempts: number[] = []
      const done = Promise.withResolvers<void>()

      await bus.work(queue, { concurrency: 1 }, async (_job, { attempt }) => {
        attempts.push(attempt)
        if (attempt < 3) throw new TypeError('not yet')
        done.resolve()
      })
      await bus.enqueue(queue, { run: 'stubborn' }, { id: 'stubborn' })
      await done.promise

      expect(attempts).toEqual([1, 2, 3])
      expect(world.faults.map(({ during }) => during)).toEqual(['job', 'job'])
    })

    it('gives the job of a silent worker to another', async () => {
      const queue = aQueue({ ackWaitMs: 300 })
      const silent = await world.connect('executor')
      const taken = Promise.withResolvers<void>()
      const release = Promise.withResolvers<void>()
      await silent.work(queue, { concurrency: 1 }, async () => {
        taken.resolve()
        await release.promise
      })
      await silent.enqueue(queue, { run: 'stuck' }, { id: 'stuck' })
      await taken.promise

      const attempt = Promise.withResolvers<number>()
      const other = await world.connect('executor')
      await other.work(queue, { concurrency: 1 }, async (_job, context) =>
        attempt.resolve(context.attempt),
      )

      expect(await attempt.promise).toBe(2)
      release.resolve()
    })

    it('leaves the job with a worker that gives signs of life', async () => {
      const queue = aQueue({ ackWaitMs: 400 })
      const bus = await world.connect('executor')
      const attempts: number[] = []
      const done = Promise.withResolvers<void>()
      await bus.work(queue, { concurrency: 2 }, async ({ run }, { attempt, heartbeat }) => {
        if (run === 'last') return done.resolve()
        attempts.push(attempt)
        for (let beat = 0; beat < 10; beat += 1) {
          await new Promise((resolve) => setTimeout(resolve, 100))
          heartbeat()
        }
        await bus.enqueue(queue, { run: 'last' }, { id: 'last' })
      })

      await bus.enqueue(queue, { run: 'slow' }, { id: 'slow' })
      await done.promise

      expect(attempts).toEqual([1])
    })

    it('drops a job after its last attempt, and says so', async () => {
      const queue = aQueue({ attemptsMax: 2 })
      const bus = await world.connect('executor')
      const runs: string[] = []
      const after = Promise.withResolvers<void>()
      await bus.work(queue, { concurrency: 1 }, async ({ run }) => {
        runs.push(run)
        if (run === 'good') return after.resolve()
        throw new TypeError('never')
      })

      const first = world.nextFault('job')
      const second = world.nextFault('job')
      await bus.enqueue(queue, { run: 'bad' }, { id: 'bad' })
      await first
      const dropped = await second
      await bus.enqueue(queue, { run: 'good' }, { id: 'good' })
      await after.promise

      expect(runs).toEqual(['bad', 'bad', 'good'])
      expect(dropped).toMatchObject({
        subject: queue.subject,
        error: { reason: 'job_dropped', cause: { message: 'never' } },
      })
    })

    it('drops a job that breaks the contract, and says so', async () => {
      const queue = aQueue()
      const bus = await world.connect('executor')
      await bus.work(queue, { concurrency: 1 }, async () => {})
      const dropped = world.nextFault('job')

      await bus.enqueue(queue, { run: 7 as never }, { id: 'broken' })

      expect(await dropped).toMatchObject({ error: { reason: 'job_dropped' } })
    })

    it('has no more in hand than it was told', async () => {
      const queue = aQueue()
      const bus = await world.connect('executor')
      let inHand = 0
      let most = 0
      let done = 0
      const all = Promise.withResolvers<void>()
      await bus.work(queue, { concurrency: 3 }, async () => {
        inHand += 1
        most = Math.max(most, inHand)
        await new Promise((resolve) => setTimeout(resolve, 5))
        inHand -= 1
        done += 1
        if (done === 20) all.resolve()
      })

      const ids = Array.from({ length: 20 }, (_, index) => `${index}`)
      await Promise.all(ids.map((id) => bus.enqueue(queue, { run: id }, { id })))
      await all.promise

      expect(most).toBe(3)
    })

    it('finishes what is in hand when told to stop, and leaves the rest', async () => {
      const queue = aQueue()
      const leaving = await world.connect('executor')
      const taken = Promise.withResolvers<void>()
      const finished: string[] = []
      const worker = await leaving.work(queue, { concurrency: 1 }, async ({ run }, { signal }) => {
        taken.resolve()
        await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
        finished.push(`leaving ${run}`)
      })
      await leaving.enqueue(queue, { run: 'first' }, { id: 'first' })
      await taken.promise
      await leaving.enqueue(queue, { run: 'second' }, { id: 'second' })

      await worker.drain()
      const rest = Promise.withResolvers<void>()
      const staying = await world.connect('executor')
      await staying.work(queue, { concurrency: 1 }, async ({ run }, { attempt }) => {
        finished.push(`staying ${run} ${attempt}`)
        rest.resolve()
      })
      await rest.promise

      expect(finished).toEqual(['leaving first', 'staying second 1'])
    })

    it('gives a job that was interrupted by a stop to another at once', async () => {
      const queue = aQueue({ ackWaitMs: 60_000 })
      const leaving = await world.connect('executor')
      const taken = Promise.withResolvers<void>()
      const worker = await leaving.work(queue, { concurrency: 1 }, async (_job, { signal }) => {
        taken.resolve()
        await new Promise((_resolve, reject) =>
          signal.addEventListener('abort', () => reject(signal.reason)),
        )
      })
      await leaving.enqueue(queue, { run: 'handed over' }, { id: 'one' })
      await taken.promise

      await worker.drain()
      const got = Promise.withResolvers<number>()
      const staying = await world.connect('executor')
      await staying.work(queue, { concurrency: 1 }, async (_job, { attempt }) =>
        got.resolve(attempt),
      )

      expect(await got.promise).toBe(2)
    })

    it('refuses a job that is too long', async () => {
      const queue = aQueue()
      const bus = await world.connect('executor')

      const enqueued = bus.enqueue(queue, { run: 'x'.repeat(600_000) }, { id: 'long' })

      await expect(enqueued).rejects.toMatchObject({ reason: 'payload_too_large' })
    })
  })
}
