import { createServer, type Socket } from 'node:net'
import { policy } from '@executor/contracts'
import { databaseFactories } from '@executor/storage/testing'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openWorld, PATH } from './fixtures.ts'

const shared = databaseFactories().filter(({ engine }) => engine === 'postgresql')

describe.each(shared)('two processes on one $engine database', ({ create }) => {
  async function createUrl(): Promise<string> {
    const { url, drop } = await create()
    onTestFinished(drop)
    return url
  }

  it('hold each other’s changes for every call that starts after the answer', async () => {
    const url = await createUrl()
    const [writer, reader] = [await openWorld(url), await openWorld(url)]
    const decided: string[] = []

    for (const action of ['block', 'require_approval', 'approve'] as const) {
      const { id } = await writer.create('github.*', action)
      decided.push(await reader.decide())
      await writer.ask(policy.removeRule, { id, owner: 'org' })
      decided.push(await reader.decide())
    }

    expect(decided).toEqual([
      'block',
      'approve',
      'require_approval',
      'approve',
      'approve',
      'approve',
    ])
  })

  it('answer from no read that began before the change was answered', async () => {
    const url = await createUrl()
    const [writer, reader] = [await openWorld(url), await openWorld(url)]
    const { id } = await writer.create('github.*', 'approve')
    let action: 'approve' | 'block' = 'approve'

    for (let turn = 0; turn < 20; turn++) {
      // Keeps reads under way at every moment, which a later call must not join.
      const noise = Array.from({ length: 16 }, () => reader.decide())
      action = action === 'approve' ? 'block' : 'approve'
      await writer.ask(policy.updateRule, { id, owner: 'org', action })
      expect(await reader.decide()).toBe(action)
      await Promise.all(noise)
    }
  })

  it('give rules that are made at once positions of their own', async () => {
    const url = await createUrl()
    const worlds = [await openWorld(url, 'one-'), await openWorld(url, 'two-')] as const
    const patterns = Array.from({ length: 10 }, (_, index) => `n${index}.*`)

    await Promise.all(
      patterns.map((pattern, index) => worlds[index % 2 === 0 ? 0 : 1].create(pattern)),
    )

    const { items } = await worlds[0].ask(policy.listRules, {})
    expect(new Set(items.map(({ position }) => position)).size).toBe(10)
  })

  it('say that the database is down, and go on when it is back', async () => {
    const gate = await openGate(await createUrl())
    const world = await openWorld(gate.url)
    await world.create('github.*', 'block')

    gate.shut()
    await expect(world.decide(PATH)).rejects.toMatchObject({
      code: 'unavailable',
      reason: 'storage.database_unavailable',
    })
    await expect(world.create('*')).rejects.toMatchObject({ code: 'unavailable' })
    gate.open()

    expect(await world.decide(PATH)).toBe('block')
  })
})

/** A way to the database that can be cut. */
async function openGate(target: string) {
  const { hostname, port } = new URL(target)
  const { connect } = await import('node:net')
  const sockets = new Set<Socket>()
  let isOpen = true
  const server = createServer((socket) => {
    if (!isOpen) return socket.destroy()
    const upstream = connect(Number(port), hostname)
    for (const end of [socket, upstream]) {
      sockets.add(end.on('error', () => undefined).on('close', () => sockets.delete(end)))
    }
    return socket.pipe(upstream).pipe(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const url = new URL(target)
  url.hostname = '127.0.0.1'
  url.port = String(typeof address === 'object' && address ? address.port : 0)
  const cut = () => {
    for (const socket of sockets) socket.destroy()
  }
  onTestFinished(() => {
    cut()
    server.close()
  })
  return {
    url: url.href,
    shut: () => {
      isOpen = false
      cut()
    },
    open: () => {
      isOpen = true
    },
  }
}
