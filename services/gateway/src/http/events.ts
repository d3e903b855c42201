import type { Bus, Subscription } from '@executor/bus'
import {
  connectionChanged,
  integrationChanged,
  isAdmin,
  operationsChanged,
  type Principal,
  type RunChange,
  rulesChanged,
  runsChanged,
} from '@executor/contracts'
import fastifyWebsocket, { type WebSocket } from '@fastify/websocket'
import { type App, principalOf, type RouteDeps } from './route.ts'
import { createRunNews, type RunNews } from './run-news.ts'

/** Bytes that wait for a reader before it counts as gone; the truth is in the lists anyway. */
const BUFFERED_BYTES_MAX = 1024 * 1024
const PING_MS = 30_000
const GOODBYE_MS_MAX = 1000
const SOCKETS_MAX = 1024
/** Nothing is expected from a reader. */
const INCOMING_BYTES_MAX = 1024
const CLOSE_GOING_AWAY = 1001
const CLOSE_TRY_AGAIN = 1013

interface Reader {
  socket: WebSocket
  isAlive: boolean
}
/** Readers who may know the same: for all of them an event is put into words once. */
interface Circle {
  principal: Principal
  readers: Set<Reader>
  runNews: RunNews
}
/** Whom an event is for; the tenant is always the same one. */
interface Audience {
  tenant: string
  /** Absent: everyone of the tenant. */
  subject?: string
}

/**
 * Lets routes take WebSockets. Comes before every other hook: what those refuse is closed here, and
 * a refused upgrade would stay open otherwise.
 */
export async function registerSockets(app: App): Promise<void> {
  await app.register(fastifyWebsocket, {
    options: { maxPayload: INCOMING_BYTES_MAX },
    preClose: (done: () => void) => done(),
  })
}

/** Live events for views: each says what changed, and whoever shows it reads it again. */
export async function registerEvents(app: App, { bus }: RouteDeps): Promise<void> {
  const circles = new Map<string, Circle>()
  const subscriptions = await forwardEvents(bus, circles)
  const heartbeat = setInterval(() => pingAll(circles), PING_MS)
  heartbeat.unref()
  app.addHook('preClose', (done) => {
    app.websocketServer.close()
    for (const { readers } of circles.values()) for (const reader of readers) dismiss(reader)
    done()
  })
  app.addHook('onClose', async () => {
    clearInterval(heartbeat)
    await Promise.all(subscriptions.map((subscription) => subscription.drain()))
  })

  app.get(
    '/api/events',
    { websocket: true, config: { access: 'read' }, schema: { hide: true } },
    (socket, request) => {
      if (countReaders(circles) >= SOCKETS_MAX) {
        socket.close(CLOSE_TRY_AGAIN, 'too many readers')
        return
      }
      const reader: Reader = { socket, isAlive: true }
      const leave = join(circles, principalOf(request), reader)
      socket.on('pong', () => {
        reader.isAlive = true
      })
      socket.on('close', leave)
    },
  )
}

/** Answers what takes the reader away again. */
function join(circles: Map<string, Circle>, principal: Principal, reader: Reader): () => void {
  const key = JSON.stringify([principal.tenant, principal.subject, isAdmin(principal)])
  const circle = circles.get(key) ?? openCircle(principal)
  circles.set(key, circle)
  circle.readers.add(reader)
  return () => {
    circle.readers.delete(reader)
    if (circle.readers.size > 0) return
    circle.runNews.close()
    if (circles.get(key) === circle) circles.delete(key)
  }
}

function openCircle(principal: Principal): Circle {
  const readers = new Set<Reader>()
  return { principal, readers, runNews: createRunNews((text) => deliver(readers, text)) }
}

function countReaders(circles: Map<string, Circle>): number {
  let count = 0
  for (const { readers } of circles.values()) count += readers.size
  return count
}

function forwardEvents(bus: Bus, circles: Map<string, Circle>): Promise<Subscription[]> {
  const send = (type: string, payload: object, audience: Audience): void => {
    const text = JSON.stringify({ type, ...payload })
    for (const { principal, readers, runNews } of circles.values()) {
      if (!isFor(principal, audience)) continue
      runNews.flush()
      deliver(readers, text)
    }
  }
  const sendRuns = (runs: readonly RunChange[]): void => {
    for (const { principal, runNews } of circles.values()) {
      for (const { tenant, ...run } of runs)
        if (isFor(principal, { tenant, subject: run.subject })) runNews.add(run)
      runNews.send()
    }
  }
  // What an outage may have swallowed: every view reads everything again.
  const missed = () => {
    for (const { readers } of circles.values()) deliver(readers, JSON.stringify({ type: 'missed' }))
  }
  return Promise.all([
    bus.subscribe(
      integrationChanged,
      ({ tenant, ...rest }) => send('integrationChanged', rest, { tenant }),
      { missed },
    ),
    bus.subscribe(connectionChanged, ({ tenant, subject, ...rest }) =>
      send('connectionChanged', rest, rest.owner === 'org' ? { tenant } : { tenant, subject }),
    ),
    bus.subscribe(operationsChanged, ({ tenant, subject, ...rest }) =>
      send('operationsChanged', rest, rest.owner === 'org' ? { tenant } : { tenant, subject }),
    ),
    bus.subscribe(rulesChanged, ({ tenant }) => send('rulesChanged', {}, { tenant })),
    bus.subscribe(runsChanged, ({ runs }) => sendRuns(runs)),
  ])
}

/** A person's own events are theirs; administrators see the organization's machines too. */
function isFor(principal: Principal, { tenant, subject }: Audience): boolean {
  if (principal.tenant !== tenant) return false
  return (
    subject === undefined || subject === principal.subject || (subject === '' && isAdmin(principal))
  )
}

function deliver(readers: ReadonlySet<Reader>, text: string): void {
  for (const reader of readers) push(reader, text)
}

function push({ socket }: Reader, text: string): void {
  if (socket.readyState !== socket.OPEN) return
  if (socket.bufferedAmount > BUFFERED_BYTES_MAX) {
    // A reader that does not read would hold every event it was sent in memory.
    socket.terminate()
    return
  }
  socket.send(text)
}

/** Says goodbye, and waits for no answer of a reader that gives none. */
function dismiss({ socket }: Reader): void {
  socket.close(CLOSE_GOING_AWAY, 'the server is stopping')
  setTimeout(() => socket.terminate(), GOODBYE_MS_MAX).unref()
}

function pingAll(circles: Map<string, Circle>): void {
  for (const { readers } of circles.values()) for (const reader of readers) ping(reader)
}

function ping(reader: Reader): void {
  if (!reader.isAlive) {
    reader.socket.terminate()
    return
  }
  reader.isAlive = false
  reader.socket.ping()
}
