import { randomUUID } from 'node:crypto'
import { isServiceError } from '@executor/contracts'
import type { Msg } from '@nats-io/transport-node'
import type { Answer } from '../envelope.ts'
import { busFailure } from '../failures.ts'
import { REQUESTS_IN_FLIGHT_MAX } from '../limits.ts'
import type { Outgoing } from '../transport.ts'
import type { Frame } from './frame.ts'
import { findFrame, toFrameHeaders, toRequestHeaders } from './headers.ts'
import { Instances, RETURN_GRACE_MS } from './instances.ts'
import type { Line, Listening } from './line.ts'
import { Prober } from './prober.ts'
import type { Subjects } from './subjects.ts'
import { type AssemblyBudget, INLINE_BYTES_MAX, sendWindow } from './transfer.ts'
import { WaitingRequest } from './waiting-request.ts'

const EMPTY = new Uint8Array()
const RETURN_RETRY_MS = 100

/** The asking side: sends requests, and brings what comes back to whoever waits for it. */
export class Requester {
  readonly #line: Line
  readonly #subjects: Subjects
  readonly #budget: AssemblyBudget
  readonly #inboxPrefix: string
  readonly #waiting = new Map<string, WaitingRequest>()
  readonly #instances: Instances
  readonly #subscription: Listening
  readonly #prober: Prober

  constructor(
    line: Line,
    subjects: Subjects,
    { budget, probeIntervalMs }: { budget: AssemblyBudget; probeIntervalMs: number },
  ) {
    this.#line = line
    this.#subjects = subjects
    this.#budget = budget
    this.#inboxPrefix = `${subjects.inboxPrefix}.${randomUUID()}.`
    this.#subscription = line.subscribe(`${this.#inboxPrefix}*`, (message) =>
      this.#receive(message),
    )
    this.#instances = new Instances(line, subjects, {
      inboxPrefix: this.#inboxPrefix,
      onGone: (service, presence) => this.#prober.loseInstance(service, presence),
    })
    this.#prober = new Prober(line, subjects, {
      instances: this.#instances,
      waiting: this.#waiting,
      probeIntervalMs,
      resend: (request) => this.#dispatch(request),
      fail: (request, error) => this.#fail(request, error),
    })
    line.watch({ refused: (subject) => this.#refuse(subject) })
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
    // A server sees inboxes of this process; unguessable ones keep it from answering for another.
    const inbox = `${this.#inboxPrefix}${randomUUID()}`
    const request = new WaitingRequest(outgoing, {
      inbox,
      budget: this.#budget,
      onGiveUp: () => this.#cancel(inbox),
    })
    this.#waiting.set(inbox, request)
    this.#dispatch(request)
    return request.pending.promise
  }

  close(): void {
    this.#prober.close()
    this.#subscription.stop()
    for (const request of this.#waiting.values()) this.#fail(request, busFailure.closed())
  }

  /** Sends it, for the first time or again. */
  #dispatch(request: WaitingRequest): void {
    const { outgoing, inbox, body } = request
    const { method, principal, carrier, attachment } = outgoing
    const attachmentBytes = attachment?.length
    const timeoutMs = Math.max(1, request.deadline - Date.now())
    const bodyBytes = body.length > INLINE_BYTES_MAX ? body.length : undefined
    request.start()
    this.#attempt(request, () =>
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
    const request = this.#waiting.get(message.subject)
    if (request === undefined) this.#instances.take(message)
    else this.#hear(request, message)
  }

  #hear(request: WaitingRequest, message: Msg): void {
    const { headers } = message
    const frame = findFrame(headers)
    if (frame?.kind !== 'pull' && frame?.kind !== 'body') {
      this.#instances.note(request.outgoing.method.service, message.reply)
    }
    if (headers?.code === 503) this.#meetNobody(request)
    else if (frame === null) this.#settle(request, request.toAnswer(message.data))
    else this.#attempt(request, () => this.#take(request, frame, message))
  }

  #take(request: WaitingRequest, frame: Frame, message: Msg): void {
    request.probesMissed = 0
    request.suspectSinceMs = undefined
    switch (frame.kind) {
      case 'working':
        request.presence = message.reply
        break
      case 'error':
        this.#settle(request, { error: frame.text })
        break
      case 'pull':
        sendWindow(this.#line, this.#streamOf(request, message), request.body, frame.count)
        break
      case 'body':
        this.#assemble(request, frame.count, this.#streamOf(request, message))
        break
      case 'chunk': {
        const data = request.acceptChunk(frame.count, message.data)
        if (data !== null) this.#settle(request, request.toAnswer(data))
      }
    }
  }

  #assemble(request: WaitingRequest, bytes: number, stream: string): void {
    request.assemble(bytes, (offset) =>
      this.#line.send({
        subject: stream,
        data: EMPTY,
        headers: toFrameHeaders({ kind: 'pull', count: offset }),
        reply: request.inbox,
      }),
    )
  }

  /** A server names where it takes bytes; it must not make this process write anywhere else. */
  #streamOf({ outgoing }: WaitingRequest, message: Msg): string {
    const { service, subject } = outgoing.method
    const stream = message.reply ?? ''
    if (!this.#subjects.isStream(service, stream)) throw busFailure.malformed(subject)
    return stream
  }

  #meetNobody(request: WaitingRequest): void {
    // An answer to a probe or a pull; the next probes tell what it means.
    if (request.probesMissed > 0 || request.isAssembling) return
    if (this.#line.upForMs < RETURN_GRACE_MS) {
      const retry = () => this.#waiting.has(request.inbox) && this.#dispatch(request)
      setTimeout(retry, RETURN_RETRY_MS).unref()
    } else {
      this.#fail(request, busFailure.noResponders(request.outgoing.method.subject))
    }
  }

  #refuse(subject: string): void {
    for (const request of this.#waiting.values()) {
      const own = request.outgoing.method.subject
      if (this.#subjects.of(own) === subject) this.#fail(request, busFailure.notPermitted(own))
    }
  }

  #cancel(inbox: string): void {
    const request = this.#waiting.get(inbox)
    if (request === undefined) return
    this.#forget(request)
    if (!this.#line.isUp) return
    const subject = this.#subjects.cancel(request.outgoing.method.service)
    this.#line.send({ subject, data: EMPTY, reply: inbox })
  }

  #settle(request: WaitingRequest, answer: Answer): void {
    this.#forget(request)
    request.pending.resolve(answer)
  }

  #fail(request: WaitingRequest, error: unknown): void {
    const { subject } = request.outgoing.method
    this.#forget(request)
    request.pending.reject(
      isServiceError(error) ? error : busFailure.connectionLost(subject, error),
    )
  }

  #attempt(request: WaitingRequest, task: () => void): void {
    try {
      task()
    } catch (error) {
      this.#fail(request, error)
    }
  }

  #forget(request: WaitingRequest): void {
    this.#waiting.delete(request.inbox)
    request.dropAssembly()
  }
}
