import { randomUUID } from 'node:crypto'
import type { Msg } from '@nats-io/transport-node'
import type { Line } from './line.ts'
import type { Subjects } from './subjects.ts'

const EMPTY = new Uint8Array()
/** After an outage services come back one by one: for so long, nobody there may mean not yet. */
export const RETURN_GRACE_MS = 5_000
/** Milliseconds an instance has to say that it is there, before it counts as busy and not as gone. */
const ANSWER_MS_MAX = 1_000
/** Instances whose presence is asked after; a service has a handful. */
const KNOWN_MAX = 1_000

/**
 * The processes that answer requests, and whether they are still there: NATS says at once that nobody
 * listens where a process has ended, and nothing where it is only busy.
 */
export class Instances {
  readonly #line: Line
  readonly #subjects: Subjects
  /** Ends with a dot; whatever arrives below it is shown to `take`. */
  readonly #inboxPrefix: string
  readonly #onGone: (service: string, presence: string) => void
  /** The service of each, by the subject where it says that it is there. */
  readonly #known = new Map<string, string>()
  readonly #asked = new Map<string, (isThere: boolean) => void>()

  constructor(
    line: Line,
    subjects: Subjects,
    options: { inboxPrefix: string; onGone: (service: string, presence: string) => void },
  ) {
    this.#line = line
    this.#subjects = subjects
    this.#inboxPrefix = options.inboxPrefix
    this.#onGone = options.onGone
  }

  /** Remembers who answered. A server must not make this process write anywhere else. */
  note(service: string, presence: string | undefined): void {
    if (presence === undefined || this.#known.has(presence)) return
    if (!this.#subjects.isPresence(service, presence)) return
    if (this.#known.size < KNOWN_MAX) this.#known.set(presence, service)
  }

  /** Asks the instances of these services whether they are there, and tells of those that are not. */
  ask(services: ReadonlySet<string>): void {
    for (const [presence, service] of this.#known) {
      if (services.has(service)) void this.#look(presence, service)
    }
  }

  /** False where it is certain that nobody is there by that name. */
  async isThere(presence: string): Promise<boolean> {
    if (!this.#line.isUp) return true
    const inbox = `${this.#inboxPrefix}${randomUUID()}`
    let timer: NodeJS.Timeout | undefined
    try {
      return await new Promise<boolean>((resolve) => {
        this.#asked.set(inbox, resolve)
        timer = setTimeout(() => resolve(true), ANSWER_MS_MAX)
        this.#line.send({ subject: presence, data: EMPTY, reply: inbox })
      })
    } finally {
      clearTimeout(timer)
      this.#asked.delete(inbox)
    }
  }

  /** What came to an inbox of this process; it may be an answer to a question asked here. */
  take({ subject, headers }: Msg): void {
    const isNobody = headers?.code === 503 && this.#line.upForMs >= RETURN_GRACE_MS
    this.#asked.get(subject)?.(!isNobody)
  }

  async #look(presence: string, service: string): Promise<void> {
    if (await this.isThere(presence)) return
    if (this.#known.delete(presence)) this.#onGone(service, presence)
  }
}
