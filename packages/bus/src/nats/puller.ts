import { randomUUID } from 'node:crypto'
import { type Msg, nanos } from '@nats-io/transport-node'
import type { OnError } from '../faults.ts'
import { InFlight } from '../in-flight.ts'
import type { Outcome } from '../run-job.ts'
import { startTimer } from '../timer.ts'
import type { Worker } from '../transport.ts'
import { findCarrier } from './headers.ts'
import type { Line } from './line.ts'
import type { Subjects } from './subjects.ts'
import { toText } from './transfer.ts'

/** How long the server keeps a pull that finds no job. */
const PULL_EXPIRES_MS = 30_000
/** A pull that is not even answered by then is lost. */
const PULL_LOST_MS = PULL_EXPIRES_MS + 10_000
/** Pulls of one worker that wait on the server, which serves the oldest first: with one for each hand, a burst would be one worker's. */
const PULLS_WAITING_MAX = 4
const RETRY_DELAY_MS = 1_000
const ACK = Buffer.from('+ACK')
const TERM = Buffer.from('+TERM')
const WORKING = Buffer.from('+WPI')

/**
 * One worker's hands: while some are free, pulls wait on the server, so a job goes to whoever can
 * start at once, in turns, and never waits behind another in a worker's own buffer.
 */
export class Puller {
  readonly #line: Line
  readonly #subjects: Subjects
  readonly #worker: Worker
  readonly #ensure: () => Promise<void>
  readonly #report: OnError
  readonly #controller = new AbortController()
  readonly #inHand = new InFlight()
  readonly #watchdog: NodeJS.Timeout
  readonly #unwatch: () => void
  #inbox = ''
  #subscription: { stop(): void } = { stop: () => {} }
  #isRepairing = false
  #pulls = 0
  #heardAtMs = 0

  constructor(
    { line, subjects }: { line: Line; subjects: Subjects },
    worker: Worker,
    { ensure, report }: { ensure: () => Promise<void>; report: OnError },
  ) {
    this.#line = line
    this.#subjects = subjects
    this.#worker = worker
    this.#ensure = ensure
    this.#report = report
    this.#unwatch = line.watch({ up: () => this.#restart() })
    this.#watchdog = setInterval(() => this.#checkPulls(), PULL_EXPIRES_MS)
    this.#watchdog.unref()
    this.#restart()
  }

  /** Hands back what was not begun, and waits for what was. */
  async drain(): Promise<void> {
    this.#controller.abort()
    this.#unwatch()
    clearInterval(this.#watchdog)
    await this.#inHand.whenIdle()
    // Until here, what the server had already sent could still be handed back.
    await this.#line.flush()
    this.#subscription.stop()
    await this.#line.flush()
  }

  get #isStopped(): boolean {
    return this.#controller.signal.aborted
  }

  /** Pulls made before an outage may still be alive on the server: their inbox is given up. */
  #restart(): void {
    this.#subscription.stop()
    this.#inbox = `${this.#subjects.inboxPrefix}.${randomUUID()}`
    this.#subscription = this.#line.subscribe(this.#inbox, (message) => this.#receive(message))
    this.#pulls = 0
    this.#pull()
  }

  #checkPulls(): void {
    if (performance.now() - this.#heardAtMs > PULL_LOST_MS) this.#restart()
  }

  #pull(): void {
    const { stream, consumer } = this.#subjects.workStream(this.#worker.queue.subject)
    const subject = `$JS.API.CONSUMER.MSG.NEXT.${stream}.${consumer}`
    const data = Buffer.from(JSON.stringify({ batch: 1, expires: nanos(PULL_EXPIRES_MS) }))
    while (
      !this.#isStopped &&
      this.#line.isUp &&
      this.#pulls < PULLS_WAITING_MAX &&
      this.#pulls + this.#inHand.count < this.#worker.concurrency
    ) {
      this.#pulls += 1
      this.#line.send({ subject, data, reply: this.#inbox })
    }
  }

  /** A job, or what became of a pull; either way one pull is used up. */
  #receive(message: Msg): void {
    this.#heardAtMs = performance.now()
    this.#pulls -= 1
    if (message.reply?.startsWith('$JS.ACK.') === true) {
      void this.#work(message, message.reply)
      this.#pull()
    } else if (message.headers?.code === 408 || message.headers?.code === 404) this.#pull()
    else void this.#repair()
  }

  /** JetStream is not there yet, or has lost the queue: it is made again. */
  async #repair(): Promise<void> {
    if (this.#isRepairing) return
    this.#isRepairing = true
    await startTimer(RETRY_DELAY_MS).elapsed
    try {
      if (!this.#isStopped) await this.#ensure()
    } catch (error) {
      this.#report(error, { during: 'transport', subject: this.#worker.queue.subject })
    }
    this.#isRepairing = false
    this.#pull()
  }

  async #work(message: Msg, reply: string): Promise<void> {
    if (this.#isStopped) return this.#tell(reply, toVerdict({ kind: 'retry', delayMs: 0 }))
    // Silent for that long, it counts as dead, and somebody else has the job.
    const { ackWaitMs } = this.#worker.queue
    this.#inHand.start(Date.now() + ackWaitMs)
    const outcome = await this.#worker.run({
      body: toText(message.data),
      carrier: findCarrier(message.headers),
      attempt: findAttempt(reply),
      signal: this.#controller.signal,
      heartbeat: () => {
        this.#inHand.extend(Date.now() + ackWaitMs)
        if (this.#line.isUp) this.#tell(reply, WORKING)
      },
    })
    this.#tell(reply, toVerdict(outcome))
    this.#inHand.finish()
    this.#pull()
  }

  #tell(reply: string, data: Uint8Array): void {
    try {
      this.#line.send({ subject: reply, data })
    } catch (error) {
      this.#report(error, { during: 'job', subject: this.#worker.queue.subject })
    }
  }
}

function toVerdict(outcome: Outcome): Uint8Array {
  switch (outcome.kind) {
    case 'done':
      return ACK
    case 'drop':
      return TERM
    case 'retry':
      return Buffer.from(`-NAK ${JSON.stringify({ delay: nanos(outcome.delayMs) })}`)
  }
}

/** `$JS.ACK.<stream>.<consumer>.<attempt>.…`; newer servers put domain and account before the stream. */
function findAttempt(reply: string): number {
  const tokens = reply.split('.')
  return Number(tokens[tokens.length === 9 ? 4 : 6])
}
