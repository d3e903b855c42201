import { randomUUID } from 'node:crypto'
import { isServiceError, PAYLOAD_BYTES_MAX } from '@executor/contracts'
import type { Msg } from '@nats-io/transport-node'
import type { Answer } from '../envelope.ts'
import { busFailure } from '../failures.ts'
import { REQUESTS_IN_FLIGHT_MAX } from '../limits.ts'
import { Pending } from '../pending.ts'
import type { Outgoing } from '../transport.ts'
import type { Frame } from './frame.ts'
import { findFrame, toFrameHeaders, toRequestHeaders } from './headers.ts'
import { Instances, RETURN_GRACE_MS } from './instances.ts'
import type { Line, Listening } from './line.ts'
import type { Subjects } from './subjects.ts'
import { Assembly, type AssemblyBudget, INLINE_BYTES_MAX, sendWindow, toText } from './transfer.ts'

const EMPTY = new Uint8Array()
/** Probes without an answer after which its server counts as dead. */
const PROBES_MISSED_MAX = 3
/** Looks at who is waiting, for each interval between two probes of a request. */
const LOOKS_PER_PROBE = 3
const RETURN_RETRY_MS = 100

interface Waiting {
  outgoing: Outgoing
  inbox: string
  body: Uint8Array
  pending: Pending<Answer>
  deadline: number
  sentAtMs: number
  probedAtMs: number | undefined
  probesMissed: number
  /** Where the instance that works on it says that it is there, once it answered a probe. */
  presence: string | undefined
  /** Since when an instance is gone that may have had it. */
  suspectSinceMs: number | undefined
  /** It was under way when the connection broke. */
  isInDoubt: boolean
  assembly: Assembly | undefined
  assemblyBytes: number
}

/** The asking side: who waits for what, and what becomes of it when a server or NATS goes away. */
export class Requester {
  readonly #line: Line
  readonly #subjects: Subjects
  readonly #budget: AssemblyBudget
  readonly #probeIntervalMs: number
  readonly #inboxPrefix: string
  readonly #waiting = new Map<string, Waiting>()
  readonly #instances: Instances
  readonly #subscription: Listening
  readonly #prober: NodeJS.Timeout

  constructor(
    line: Line,
    subjects: Subjects,
    { budget, probeIntervalMs }: { budget: AssemblyBudget; probeIntervalMs: number },
  ) {
    this.#line = line
    this.#subjects = subjects
    this.#budget = budget
    this.#probeIntervalMs = probeIntervalMs
    this.#inboxPrefix = `${subjects.inboxPrefix}.${randomUUID()}.`
    this.#subscription = line.subscribe(`${this.#inboxPrefix}*`, (message) =>
      this.#receive(message),
    )
    this.#instances = new Instances(line, subjects, {
      inboxPrefix: this.#inboxPrefix,
      onGone: (service, presence) => this.#loseInstance(service, presence),
    })
    this.#prober = setInterval(() => this.#lookAtAll(), this.#lookIntervalMs)
    this.#prober.unref()
    line.watch({
      down: () => this.#doubt(),
      up: () => this.#recover(),
      refused: (subject) => this.#refuse(subject),
    })
  }

  get #lookIntervalMs(): number {
    return this.#probeIntervalMs / LOOKS_PER_PROBE
  }

  /** False where it is certain that no process serves under that name. */
  isServing(service: string, instance: string): Promise<boolean> {
    return this.#instances.isThere(this.#subjects.presence(service, instance))
  }

  /** This login may not read its own answers: nothing would ever come back. */
  get isRefused(): boolean {
    return this.#subscription.isRefused
  }

  send(outgoing: Outgoing): Promise<Answer> {
    if (this.#waiting.size >= REQUESTS_IN_FLIGHT_MAX) throw busFailure.tooManyRequests()
    const waiting = this.#wait(outgoing)
    this.#waiting.set(waiting.inbox, waiting)
    this.#dispatch(waiting)
    return waiting.pending.promise
  }

  close(): void {
    clearInterval(this.#prober)
    this.#subscription.stop()
    for (const waiting of this.#waiting.values()) this.#fail(waiting, busFailure.closed())
  }

  #wait(outgoing: Outgoing): Waiting {
    // A server sees inboxes of this process; unguessable ones keep it from answering for another.
    const inbox = `${this.#inboxPrefix}${randomUUID()}`
    return {
      outgoing,
      inbox,
      body: toBytes(outgoing),
      deadline: Date.now() + outgoing.timeoutMs,
      sentAtMs: 0,
      probedAtMs: undefined,
      probesMissed: 0,
      presence: undefined,
      suspectSinceMs: undefined,
      isInDoubt: false,
      assembly: undefined,
      assemblyBytes: 0,
      pending: new Pending<Answer>({
        subject: outgoing.method.subject,
        timeoutMs: outgoing.timeoutMs,
        signal: outgoing.signal,
        onGiveUp: () => this.#cancel(inbox),
      }),
    }
  }

  /** Sends it, for the first time or again. */
  #dispatch(waiting: Waiting): void {
    const { outgoing, inbox, body } = waiting
    const { method, principal, carrier, attachment } = outgoing
    const attachmentBytes = attachment?.length
    const timeoutMs = Math.max(1, waiting.deadline - Date.now())
    const bodyBytes = body.length > INLINE_BYTES_MAX ? body.length : undefined
    waiting.sentAtMs = performance.now()
    waiting.probedAtMs = undefined
    waiting.probesMissed = 0
    waiting.presence = undefined
    waiting.suspectSinceMs = undefined
    waiting.isInDoubt = false
    this.#dropAssembly(waiting)
    this.#attempt(waiting, () =>
      this.#line.send({
        subject: this.#subjects.of(method.subject),
        data: bodyBytes === undefined ? body : EMPTY,
        headers: toRequestHeaders({ principal, timeoutMs, carrier, bodyBytes, attachmentBytes }),
        reply: inbox,
        isStale: () => !this.#waiting.has(inbox),
      }),
    )
  }

  #receive(message: Msg): void {
    const waiting = this.#waiting.get(message.subject)
    if (waiting === undefined) this.#instances.take(message)
    else this.#hear(waiting, message)
  }

  #hear(waiting: Waiting, message: Msg): void {
    const { headers } = message
    const frame = findFrame(headers)
    if (frame?.kind !== 'pull' && frame?.kind !== 'body') {
      this.#instances.note(waiting.outgoing.method.service, message.reply)
    }
    if (headers?.code === 503) this.#meetNobody(waiting)
    else if (frame === null) this.#settleWith(waiting, message.data)
    else this.#attempt(waiting, () => this.#take(waiting, frame, message))
  }

  #take(waiting: Waiting, frame: Frame, message: Msg): void {
    waiting.probesMissed = 0
    waiting.suspectSinceMs = undefined
    switch (frame.kind) {
      case 'working':
        waiting.presence = message.reply
        break
      case 'error':
        this.#settle(waiting, { error: frame.text })
        break
      case 'pull':
        sendWindow(this.#line, this.#streamOf(waiting, message), waiting.body, frame.count)
        break
      case 'body':
        this.#assemble(waiting, frame.count, this.#streamOf(waiting, message))
        break
      case 'chunk':
        if (waiting.assembly?.accept(frame.count, message.data) === true) {
          this.#settleWith(waiting, waiting.assembly.bytes())
        }
    }
  }

  #assemble(waiting: Waiting, bytes: number, stream: string): void {
    if (bytes > PAYLOAD_BYTES_MAX) {
      throw busFailure.replyTooLarge(waiting.outgoing.method.subject, PAYLOAD_BYTES_MAX)
    }
    this.#dropAssembly(waiting)
    this.#budget.reserve(bytes)
    waiting.assemblyBytes = bytes
    waiting.assembly = new Assembly(bytes, (offset) =>
      this.#line.send({
        subject: stream,
        data: EMPTY,
        headers: toFrameHeaders({ kind: 'pull', count: offset }),
        reply: waiting.inbox,
      }),
    )
  }

  /** A server names where it takes bytes; it must not make this process write anywhere else. */
  #streamOf({ outgoing }: Waiting, message: Msg): string {
    const { service, subject } = outgoing.method
    const stream = message.reply ?? ''
    if (!this.#subjects.isStream(service, stream)) throw busFailure.malformed(subject)
    return stream
  }

  #meetNobody(waiting: Waiting): void {
    // An answer to a probe or a pull; the next probes tell what it means.
    if (waiting.probesMissed > 0 || waiting.assembly !== undefined) return
    if (this.#line.upForMs < RETURN_GRACE_MS) {
      const retry = () => this.#waiting.has(waiting.inbox) && this.#dispatch(waiting)
      setTimeout(retry, RETURN_RETRY_MS).unref()
    } else {
      this.#fail(waiting, busFailure.noResponders(waiting.outgoing.method.subject))
    }
  }

  #lookAtAll(): void {
    if (!this.#line.isUp) return
    const nowMs = performance.now()
    const services = new Set<string>()
    for (const waiting of this.#waiting.values()) {
      // Most are answered before, and where nobody serves NATS says so before.
      if (nowMs - waiting.sentAtMs < this.#lookIntervalMs / 4) continue
      services.add(waiting.outgoing.method.service)
      this.#look(waiting, nowMs)
    }
    this.#instances.ask(services)
  }

  #look(waiting: Waiting, nowMs: number): void {
    const { probedAtMs, probesMissed, suspectSinceMs } = waiting
    const isLost = suspectSinceMs !== undefined && nowMs - suspectSinceMs >= this.#probeIntervalMs
    const isDue = probedAtMs === undefined || nowMs - probedAtMs >= this.#probeIntervalMs
    if (isLost || (isDue && probesMissed >= PROBES_MISSED_MAX)) this.#giveUpOnServer(waiting)
    else if (isDue) this.#probe(waiting)
  }

  /** What it was working on is lost; of what may be its own or another's, the others are asked. */
  #loseInstance(service: string, presence: string): void {
    for (const waiting of this.#waiting.values()) {
      if (waiting.outgoing.method.service !== service) continue
      if (waiting.presence === presence) this.#giveUpOnServer(waiting)
      else if (waiting.presence === undefined) {
        waiting.suspectSinceMs ??= performance.now()
        this.#probe(waiting)
      }
    }
  }

  #probe(waiting: Waiting): void {
    waiting.probedAtMs = performance.now()
    waiting.probesMissed += 1
    const subject = this.#subjects.probe(waiting.outgoing.method.service)
    this.#attempt(waiting, () => this.#line.send({ subject, data: EMPTY, reply: waiting.inbox }))
  }

  #giveUpOnServer(waiting: Waiting): void {
    const { method } = waiting.outgoing
    if (method.idempotent === true) this.#dispatch(waiting)
    else this.#fail(waiting, busFailure.connectionLost(method.subject))
  }

  #doubt(): void {
    for (const waiting of this.#waiting.values()) waiting.isInDoubt = true
  }

  #recover(): void {
    for (const waiting of this.#waiting.values()) {
      if (!waiting.isInDoubt) continue
      waiting.isInDoubt = false
      waiting.probesMissed = 0
      if (waiting.outgoing.method.idempotent === true) this.#dispatch(waiting)
      else this.#probe(waiting)
    }
  }

  #refuse(subject: string): void {
    for (const waiting of this.#waiting.values()) {
      const own = waiting.outgoing.method.subject
      if (this.#subjects.of(own) === subject) this.#fail(waiting, busFailure.notPermitted(own))
    }
  }

  #cancel(inbox: string): void {
    const waiting = this.#waiting.get(inbox)
    if (waiting === undefined) return
    this.#forget(waiting)
    if (!this.#line.isUp) return
    const subject = this.#subjects.cancel(waiting.outgoing.method.service)
    this.#line.send({ subject, data: EMPTY, reply: inbox })
  }

  #settleWith(waiting: Waiting, data: Uint8Array): void {
    const isBytes = waiting.outgoing.method.encoded === 'bytes'
    this.#settle(waiting, { body: isBytes ? data : toText(data) })
  }

  #settle(waiting: Waiting, answer: Answer): void {
    this.#forget(waiting)
    waiting.pending.resolve(answer)
  }

  #fail(waiting: Waiting, error: unknown): void {
    const { subject } = waiting.outgoing.method
    this.#forget(waiting)
    waiting.pending.reject(
      isServiceError(error) ? error : busFailure.connectionLost(subject, error),
    )
  }

  #attempt(waiting: Waiting, task: () => void): void {
    try {
      task()
    } catch (error) {
      this.#fail(waiting, error)
    }
  }

  #forget(waiting: Waiting): void {
    this.#waiting.delete(waiting.inbox)
    this.#dropAssembly(waiting)
  }

  #dropAssembly(waiting: Waiting): void {
    this.#budget.release(waiting.assemblyBytes)
    waiting.assemblyBytes = 0
    waiting.assembly = undefined
  }
}

/** What travels: the text, and after it the bytes beside it. */
function toBytes({ body, attachment }: Outgoing): Uint8Array {
  const text = Buffer.from(body)
  return attachment === undefined ? text : Buffer.concat([text, attachment])
}
