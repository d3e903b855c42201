import { ServiceError } from '@executor/contracts'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createWorkerPool, type WorkerPool, type WorkerPoolOptions } from './worker-pool.ts'

type Request = 'echo' | 'hang' | 'fail' | 'spin'

const code = `
  const { parentPort, threadId } = require('node:worker_threads')
  parentPort.on('message', (message) => {
    if (message === 'echo') parentPort.postMessage(threadId)
    if (message === 'fail') throw new TypeError('a bug')
    if (message === 'spin') for (;;);
  })
`
const url = new URL(
  `data:text/javascript,${encodeURIComponent(`import { createRequire } from 'node:module'; const require = createRequire('/');${code}`)}`,
)

let pool: WorkerPool<Request, number>
afterEach(() => {
  vi.useRealTimers()
  return pool.close()
})

function open(options: Partial<WorkerPoolOptions> = {}) {
  pool = createWorkerPool<Request, number>({
    url,
    workersMax: 1,
    waitingMax: 1,
    idleMs: 60_000,
    heapMegabytesMax: 64,
    ...options,
  })
  return pool
}

const never = () => new AbortController().signal
const stop = new ServiceError('cancelled', 'stopped', 'Stopped.')

describe('createWorkerPool', () => {
  it('gives one worker to one caller after the other', async () => {
    open()
    const first = await pool.lease(never())
    const waiting = pool.lease(never())

    const before = await first.ask('echo')
    first.release()
    const second = await waiting
    const after = await second.ask('echo')

    expect(after).toBe(before)
  })

  it('refuses more callers than may wait', async () => {
    open()
    await pool.lease(never())
    pool.lease(never()).catch(() => undefined)

    await expect(pool.lease(never())).rejects.toMatchObject({ reason: 'imports_busy' })
  })

  it('lets a waiting caller give up', async () => {
    open()
    const held = await pool.lease(never())
    const given = new AbortController()
    const waiting = pool.lease(given.signal)

    given.abort()
    held.release()

    await expect(waiting).rejects.toMatchObject({ code: 'cancelled' })
    const next = await pool.lease(never())
    expect(await next.ask('echo')).toBeGreaterThan(0)
  })

  it('ends a worker that spins, and answers with the reason', async () => {
    open()
    const lease = await pool.lease(never())
    const asked = lease.ask('spin')

    lease.destroy(stop)

    await expect(asked).rejects.toBe(stop)
    await expect(lease.ask('echo')).rejects.toBe(stop)
    const next = await pool.lease(never())
    expect(await next.ask('echo')).toBeGreaterThan(0)
  })

  it('never hands an answer to the next caller', async () => {
    open()
    const first = await pool.lease(never())
    const before = await first.ask('echo')
    first.ask('hang').catch(() => undefined)

    first.release()
    const second = await pool.lease(never())

    expect(await second.ask('echo')).not.toBe(before)
  })

  it('tells of a bug in the worker, and starts another', async () => {
    open()
    const lease = await pool.lease(never())

    await expect(lease.ask('fail')).rejects.toMatchObject({
      name: 'WorkerFailure',
      cause: expect.objectContaining({ message: 'a bug' }),
    })
    lease.release()
    const next = await pool.lease(never())
    expect(await next.ask('echo')).toBeGreaterThan(0)
  })

  it('ends a worker that has had nothing to do', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    open({ idleMs: 1_000 })
    const first = await pool.lease(never())
    const before = await first.ask('echo')
    first.release()

    vi.advanceTimersByTime(1_000)
    const second = await pool.lease(never())

    expect(await second.ask('echo')).not.toBe(before)
  })

  it('starts a worker ahead of its use, once', async () => {
    open()
    pool.warm()
    pool.warm()
    const lease = await pool.lease(never())

    expect(await lease.ask('echo')).toBeGreaterThan(0)
  })

  it('answers everybody when it is closed', async () => {
    open()
    const held = await pool.lease(never())
    const asked = held.ask('hang')
    const waiting = pool.lease(never())
    const outcomes = Promise.allSettled([asked, waiting])

    await pool.close()

    expect((await outcomes).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    await expect(pool.lease(never())).rejects.toMatchObject({ code: 'unavailable' })
  })
})
