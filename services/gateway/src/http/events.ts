import type { Bus, Subscription } from '@executor/bus'
import {
  connectionChanged,
  integrationChanged,
  isAdmin,
  operationsChanged,
  type Principal,
  rulesChanged,
  runsChanged,
} from '@executor/contracts'
import fastifyWebsocket, { type WebSocket } from '@fastify/websocket'
import { type App, principalOf, type RouteDeps } from './route.ts'

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
  principal: Principal
  isAlive: boolean
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
  const readers = new Set<Reader>()
  const subscriptions = await forwardEvents(bus, readers)
  const heartbeat = setInterval(() => pingAll(readers), PING_MS)
  heartbeat.unref()
  app.addHook('preClose', (done) => {
    app.websocketServer.close()
    for (const reader of readers) dismiss(reader)
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
      if (readers.size >= SOCKETS_MAX) {
        socket.close(CLOSE_TRY_AGAIN, 'too many readers')
        return
      }
      const reader: Reader = { socket, principal: principalOf(request), isAlive: true }
      readers.add(reader)
      socket.on('pong', () => {
        reader.isAlive = true
      })
      socket.on('close', () => readers.delete(reader))
    },
  )
}

function forwardEvents(bus: Bus, readers: Set<Reader>): Promise<Subscription[]> {
  const send = (type: string, payload: object, audience: Audience): void => {
    if (readers.size === 0) return
    const text = JSON.stringify({ type, ...payload })
    for (const reader of readers) if (isFor(reader.principal, audience)) deliver(reader, text)
  }
  // What an outage may have swallowed: every view reads everything again.
  const missed = () => {
    for (const reader of readers) deliver(reader, JSON.stringify({ type: 'missed' }))
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
    bus.subscribe(runsChanged, ({ runs }) => {
      for (const { tenant, ...rest } of runs)
        send('runChanged', rest, { tenant, subject: rest.subject })
    }),
  ])
}

/** A person's own events are theirs; administrators see the organization's machines too. */
function isFor(principal: Principal, { tenant, subject }: Audience): boolean {
  if (principal.tenant !== tenant) return false
  return (
    subject === undefined || subject === principal.subject || (subject === '' && isAdmin(principal))
  )
}

function deliver({ socket }: Reader, text: string): void {
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

function pingAll(readers: Set<Reader>): void {
  for (const reader of readers) {
    if (!reader.isAlive) {
      reader.socket.terminate()
      continue
    }
    reader.isAlive = false
    reader.socket.ping()
  }
}
