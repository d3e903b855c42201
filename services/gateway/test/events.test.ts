import { once } from 'node:events'
import { connect } from 'node:net'
import {
  connectionChanged,
  integrationChanged,
  rulesChanged,
  runsChanged,
} from '@executor/contracts'
import { afterEach, describe, expect, it } from 'vitest'
import { AGENT, type Harness, OWNER, startGateway } from './harness.ts'

let gateway: Harness
const sockets: WebSocket[] = []
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.close()
  await gateway.close()
})

function open(headers: Record<string, string>): WebSocket {
  const url = `ws://127.0.0.1:${gateway.port}/api/events`
  const socket = new WebSocket(url, { headers } as never)
  sockets.push(socket)
  return socket
}

const asOwner = { authorization: `Bearer ${OWNER}` }
const mine = { tenant: 'default', subject: 'local' }

/** Collects messages up to one that says `last`. */
async function collect(socket: WebSocket, last: string): Promise<unknown[]> {
  const messages: unknown[] = []
  const { promise, resolve } = Promise.withResolvers<void>()
  socket.addEventListener('message', ({ data }) => {
    const message = JSON.parse(String(data))
    messages.push(message)
    if (message.slug === last) resolve()
  })
  await promise
  return messages
}

describe('/api/events', () => {
  it('tells what changed, in the order in which it did', async () => {
    gateway = await startGateway()
    const socket = open(asOwner)
    await once(socket, 'open')

    const collected = collect(socket, 'last')
    gateway.neighbour.publish(rulesChanged, { tenant: 'default' })
    gateway.neighbour.publish(integrationChanged, { tenant: 'default', slug: 'a', change: 'added' })
    gateway.neighbour.publish(connectionChanged, {
      ...mine,
      owner: 'user',
      integration: 'a',
      name: 'main',
      change: 'created',
    })
    gateway.neighbour.publish(runsChanged, {
      runs: [{ ...mine, id: 'r', status: 'running', title: 't' }],
    })
    gateway.neighbour.publish(integrationChanged, {
      tenant: 'default',
      slug: 'last',
      change: 'removed',
    })

    expect((await collected).sort(byType)).toEqual(
      [
        { type: 'rulesChanged' },
        { type: 'integrationChanged', slug: 'a', change: 'added' },
        {
          type: 'connectionChanged',
          owner: 'user',
          integration: 'a',
          name: 'main',
          change: 'created',
        },
        {
          type: 'runsChanged',
          runs: [{ id: 'r', subject: 'local', status: 'running', title: 't' }],
        },
        { type: 'integrationChanged', slug: 'last', change: 'removed' },
      ].sort(byType),
    )
  })

  it('tells of many runs together, of each what it has come to', async () => {
    gateway = await startGateway()
    const socket = open(asOwner)
    await once(socket, 'open')
    const told: { id: string; status: string }[][] = []
    socket.addEventListener('message', ({ data }) => told.push(JSON.parse(String(data)).runs))

    for (const id of ['a', 'b', 'c']) {
      const states = ['queued', 'running', 'completed'] as const
      const runs = states.map((status) => ({ ...mine, id, status, title: 't' }))
      gateway.neighbour.publish(runsChanged, { runs })
    }

    const states = () => told.flat().map(({ id, status }) => `${id} ${status}`)
    await expect.poll(states).toEqual(['a completed', 'b completed', 'c completed'])
    expect(told.length).toBeLessThan(4)
  })

  it('tells nobody what is of another tenant, or of another person', async () => {
    gateway = await startGateway()
    const socket = open({ authorization: `Bearer ${AGENT}` })
    await once(socket, 'open')

    const collected = collect(socket, 'last')
    const foreign = { tenant: 'other', subject: 'local' }
    gateway.neighbour.publish(integrationChanged, { tenant: 'other', slug: 'a', change: 'added' })
    gateway.neighbour.publish(runsChanged, {
      runs: [{ ...foreign, id: 'r', status: 'running', title: 't' }],
    })
    gateway.neighbour.publish(runsChanged, {
      runs: [{ tenant: 'default', subject: 'somebody', id: 'r', status: 'running', title: 't' }],
    })
    gateway.neighbour.publish(connectionChanged, {
      tenant: 'default',
      subject: 'somebody',
      owner: 'user',
      integration: 'a',
      name: 'x',
      change: 'created',
    })
    gateway.neighbour.publish(integrationChanged, {
      tenant: 'default',
      slug: 'last',
      change: 'added',
    })

    expect(await collected).toEqual([{ type: 'integrationChanged', slug: 'last', change: 'added' }])
  })

  it.each([
    ['no key', {}],
    ['a wrong key', { authorization: 'Bearer wrong' }],
    ['a key from a foreign page', { ...asOwner, origin: 'https://evil.example' }],
  ])('refuses %s', async (_who, headers) => {
    gateway = await startGateway()
    const socket = open(headers)

    const { promise, resolve } = Promise.withResolvers<string>()
    socket.addEventListener('open', () => resolve('open'))
    socket.addEventListener('error', () => resolve('refused'))

    expect(await promise).toBe('refused')
  })

  it('refuses a session on a page that is not ours', async () => {
    gateway = await startGateway()
    const page = await gateway.ask(`/?_token=${OWNER}`, { as: null })
    const cookie = page.headers.get('set-cookie')?.split(';')[0] ?? ''
    const ours = open({ cookie, origin: gateway.origin })
    await once(ours, 'open')

    const theirs = open({ cookie, origin: 'http://localhost:5173' })
    const [event] = await once(theirs, 'error')

    expect(event.type).toBe('error')
  })

  it('lets go of a reader that does not read', async () => {
    gateway = await startGateway()
    const { port, neighbour } = gateway
    const socket = connect(port, '127.0.0.1')
    socket.write(
      `GET /api/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${OWNER}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`,
    )
    await once(socket, 'data')
    socket.pause()
    const closed = once(socket, 'close')

    for (let i = 0; i < 400; i++) {
      const slug = 'x'.repeat(50_000)
      neighbour.publish(integrationChanged, { tenant: 'default', slug, change: 'updated' })
      await new Promise(setImmediate)
    }
    socket.on('error', () => {})
    socket.resume()

    await closed
  })

  it('says goodbye when the server stops', async () => {
    gateway = await startGateway()
    const socket = open(asOwner)
    await once(socket, 'open')

    const closing = once(socket, 'close')
    await gateway.close()
    const [event] = await closing

    expect(event.code).toBe(1001)
    gateway = await startGateway()
  })
})

function byType(a: unknown, b: unknown): number {
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1
}
