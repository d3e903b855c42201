import {
  errors,
  type Msg,
  type MsgHdrs,
  type NatsConnection,
  type Status,
} from '@nats-io/transport-node'
import { busFailure } from '../failures.ts'
import type { OnError } from '../faults.ts'
import { startTimer } from '../timer.ts'

/** What is kept for the time after an outage; past this, new messages fail at once. */
const HELD_BYTES_MAX = 32 * 1024 * 1024
const HELD_MESSAGES_MAX = 10_000
/** Milliseconds a flush waits for the server's word. */
const FLUSH_TIMEOUT_MS = 5_000

export interface Message {
  subject: string
  data: Uint8Array
  headers?: MsgHdrs | undefined
  reply?: string
  /** Asked after an outage: whether there is still a point in sending it. */
  isStale?: () => boolean
}

export interface Listening {
  stop(): void
  /** NATS does not let this login listen there; known once a flush has come back. */
  readonly isRefused: boolean
}

interface Watcher {
  down?(): void
  up?(): void
  /** NATS refused a subject to this login. */
  refused?(subject: string): void
}

/**
 * The connection and its outages. The client forgets on every attempt to reconnect what was sent
 * since the last one, so what is sent while the server is away is held here.
 */
export class Line {
  readonly connection: NatsConnection
  readonly #report: OnError
  readonly #watchers = new Set<Watcher>()
  #isUp = true
  #upSinceMs = Number.NEGATIVE_INFINITY
  #held: Message[] = []
  #heldBytes = 0
  readonly #watching: Promise<void>

  constructor(connection: NatsConnection, report: OnError) {
    this.connection = connection
    this.#report = report
    this.#watching = this.#watch(connection.status())
  }

  get isUp(): boolean {
    return this.#isUp
  }

  /** Milliseconds since the end of the last outage. */
  get upForMs(): number {
    return performance.now() - this.#upSinceMs
  }

  /** Returns what ends the watching. */
  watch(watcher: Watcher): () => void {
    this.#watchers.add(watcher)
    return () => this.#watchers.delete(watcher)
  }

  /** Waits for the end of an outage, for so long. */
  async whenUp(timeoutMs: number): Promise<boolean> {
    if (this.#isUp) return true
    const { elapsed, stop } = startTimer(timeoutMs)
    let unwatch = () => {}
    const up = new Promise<void>((resolve) => {
      unwatch = this.watch({ up: resolve })
    })
    await Promise.race([up, elapsed])
    stop()
    unwatch()
    return this.#isUp
  }

  /** Sends now, or as soon as the server is back. Throws `unavailable` when too much waits already. */
  send(message: Message): void {
    if (this.#isUp) this.#publish(message)
    else this.#hold(message)
  }

  /** A subscription whose callback can not harm the connection's reader. */
  subscribe(subject: string, receive: (message: Msg) => void): Listening {
    let isRefused = false
    const subscription = this.connection.subscribe(subject, {
      callback: (error, message) => {
        try {
          if (error === null) receive(message)
          else isRefused = true
        } catch (cause) {
          this.#report(cause, { during: 'transport', subject })
        }
      },
    })
    return {
      stop: () => subscription.unsubscribe(),
      get isRefused() {
        return isRefused
      },
    }
  }

  /** Waits until the server has read everything sent so far; an outage counts as done. */
  async flush(): Promise<void> {
    if (!this.#isUp || this.connection.isClosed()) return
    const { elapsed, stop } = startTimer(FLUSH_TIMEOUT_MS)
    try {
      await Promise.race([this.connection.flush(), elapsed])
    } catch {
      // The connection went away: what was sent is lost or was read, and nothing here can tell.
    } finally {
      stop()
    }
  }

  async close(): Promise<void> {
    await this.flush()
    await this.connection.close()
    await this.#watching
  }

  #publish({ subject, data, headers, reply }: Message): void {
    try {
      this.connection.publish(subject, data, {
        ...(headers === undefined ? {} : { headers }),
        ...(reply === undefined ? {} : { reply }),
      })
    } catch (error) {
      throw busFailure.connectionLost(subject, error)
    }
  }

  #hold(message: Message): void {
    if (
      this.#held.length >= HELD_MESSAGES_MAX ||
      this.#heldBytes + message.data.length > HELD_BYTES_MAX
    ) {
      throw busFailure.noResponders(message.subject)
    }
    this.#held.push(message)
    this.#heldBytes += message.data.length
  }

  async #watch(statuses: AsyncIterable<Status>): Promise<void> {
    for await (const status of statuses) {
      if (status.type === 'disconnect') this.#goDown()
      else if (status.type === 'reconnect') this.#comeUp()
      else if (status.type === 'error') this.#fail(status.error)
    }
  }

  #goDown(): void {
    if (!this.#isUp) return
    this.#isUp = false
    this.#tell((watcher) => watcher.down?.())
  }

  #comeUp(): void {
    this.#isUp = true
    this.#upSinceMs = performance.now()
    const held = this.#held
    this.#held = []
    this.#heldBytes = 0
    for (const message of held) {
      if (message.isStale?.() !== true) this.#attempt(message.subject, () => this.#publish(message))
    }
    this.#tell((watcher) => watcher.up?.())
  }

  #fail(error: Error): void {
    if (error instanceof errors.PermissionViolationError && error.operation === 'publish') {
      this.#tell((watcher) => watcher.refused?.(error.subject))
    }
    this.#report(error, { during: 'transport', subject: '' })
  }

  #tell(event: (watcher: Watcher) => void): void {
    for (const watcher of this.#watchers) this.#attempt('', () => event(watcher))
  }

  #attempt(subject: string, task: () => void): void {
    try {
      task()
    } catch (error) {
      this.#report(error, { during: 'transport', subject })
    }
  }
}
