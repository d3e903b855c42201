import { PAYLOAD_BYTES_MAX } from '@executor/contracts'
import type { MsgHdrs } from '@nats-io/transport-node'
import { answer } from '../answer.ts'
import { Cancellation } from '../cancellation.ts'
import { type Answer, encodeError } from '../envelope.ts'
import { busFailure } from '../failures.ts'
import type { OnError } from '../faults.ts'
import { InFlight } from '../in-flight.ts'
import { REQUESTS_IN_FLIGHT_MAX } from '../limits.ts'
import type { Telemetry } from '../telemetry.ts'
import type { Endpoint } from '../transport.ts'
import {
  findRequestHead,
  type ReadHeaders,
  type RequestHead,
  toErrorHeaders,
  toFrameHeaders,
} from './headers.ts'
import type { Line } from './line.ts'
import { RecentAnswers } from './recent-answers.ts'
import type { Streams } from './streams.ts'
import type { Subjects } from './subjects.ts'
import { INLINE_BYTES_MAX, toBody } from './transfer.ts'

const EMPTY = new Uint8Array()

const toBytes = (body: string | Uint8Array) => (typeof body === 'string' ? Buffer.from(body) : body)

/** A request as NATS delivers it. */
export interface Arrival {
  reply?: string
  headers?: ReadHeaders | undefined
  data: Uint8Array
}

interface Call {
  endpoint: Endpoint
  inbox: string
  cancellation: Cancellation
}

interface Admitted {
  caller: string
  inbox: string
  head: RequestHead
  data: Uint8Array
}

/** The answering side of one `serve`: what is worked on, and what was just answered. */
export class Responder {
  readonly inFlight = new InFlight()
  readonly #line: Line
  readonly #subjects: Subjects
  readonly #streams: Streams
  /** Goes with every answer, so that whoever asked can tell whether its server is still there. */
  readonly #presence: string
  readonly #deps: { telemetry: Telemetry; report: OnError }
  readonly #calls = new Map<string, Call>()
  readonly #recent = new RecentAnswers<{ data: Uint8Array; headers: MsgHdrs | undefined }>()

  constructor(
    wire: { line: Line; subjects: Subjects; streams: Streams; presence: string },
    deps: { telemetry: Telemetry; report: OnError },
  ) {
    this.#line = wire.line
    this.#subjects = wire.subjects
    this.#streams = wire.streams
    this.#presence = wire.presence
    this.#deps = deps
  }

  accept(endpoint: Endpoint, { reply: inbox = '', headers, data }: Arrival): void {
    const { subject } = endpoint.method
    const caller = this.#subjects.findCaller(inbox)
    // Without an inbox of ours nobody is there to answer. One that is known was sent again.
    if (caller === null || this.#calls.has(inbox)) return
    const head = findRequestHead(headers)
    if (head === null) this.#refuse(inbox, busFailure.malformed(subject))
    else if (this.inFlight.count < REQUESTS_IN_FLIGHT_MAX)
      this.#start(endpoint, { caller, inbox, head, data })
    else this.#refuse(inbox, busFailure.tooManyRequests())
  }

  #start(endpoint: Endpoint, { caller, inbox, head, data }: Admitted): void {
    const { subject } = endpoint.method
    const cancellation = new Cancellation(subject, Date.now() + head.timeoutMs)
    const call = { endpoint, inbox, cancellation }
    const { principal, carrier, bodyBytes } = head
    const read = (bytes: Uint8Array) => toBody(subject, bytes, head.attachmentBytes)
    const body = () =>
      bodyBytes === undefined ? read(data) : this.#pullBody(call, bodyBytes).then(read)
    this.#calls.set(inbox, call)
    this.inFlight.start(cancellation.deadline)
    const incoming = { caller, principal, carrier, cancellation, body }
    void answer(endpoint, incoming, this.#deps).then((result) => this.#finish(call, result))
  }

  cancel(inbox: string): void {
    const call = this.#calls.get(inbox)
    if (call === undefined) return
    call.cancellation.abort(busFailure.cancelled(call.endpoint.method.subject))
    this.#forget(call)
  }

  /** Says that it is being worked on, or what came of it; says nothing of what it does not know. */
  probe(inbox: string): void {
    const recent = this.#recent.find(inbox)
    if (this.#calls.has(inbox)) this.#sayWorking(inbox)
    else if (recent !== null) this.#answer(inbox, recent)
  }

  /** Says that this process is there. */
  sayHere(inbox: string): void {
    if (this.#subjects.findCaller(inbox) !== null) this.#sayWorking(inbox)
  }

  #sayWorking(inbox: string): void {
    this.#answer(inbox, { data: EMPTY, headers: toFrameHeaders({ kind: 'working' }) })
  }

  #answer(inbox: string, reply: { data: Uint8Array; headers: MsgHdrs | undefined }): void {
    this.#line.send({ subject: inbox, ...reply, reply: this.#presence })
  }

  async #finish(call: Call, result: Answer): Promise<void> {
    try {
      if (!call.cancellation.isAborted) await this.#respond(call, result)
    } catch (error) {
      const { subject } = call.endpoint.method
      this.#deps.report(error, { during: 'transport', subject })
    } finally {
      call.cancellation.release()
      this.#forget(call)
    }
  }

  /** A drain waits for answers that somebody waits for. */
  #forget({ inbox }: Call): void {
    if (this.#calls.delete(inbox)) this.inFlight.finish()
  }

  async #respond({ endpoint, inbox, cancellation }: Call, result: Answer): Promise<void> {
    const isError = 'error' in result
    const data = isError ? EMPTY : toBytes(result.body)
    const bytes = isError ? result.error.length : data.length
    if (data.length > INLINE_BYTES_MAX) {
      return this.#streams.push({ inbox, body: data, signal: cancellation.signal })
    }
    const reply = { data, headers: isError ? toErrorHeaders(result.error) : undefined }
    // An idempotent request is sent again when its answer is lost; these are not.
    if (endpoint.method.idempotent !== true) this.#recent.keep(inbox, reply, bytes)
    this.#answer(inbox, reply)
  }

  async #pullBody({ endpoint, inbox, cancellation }: Call, bytes: number): Promise<Uint8Array> {
    const { subject } = endpoint.method
    if (bytes > PAYLOAD_BYTES_MAX) throw busFailure.payloadTooLarge(subject, PAYLOAD_BYTES_MAX)
    return this.#streams.pull({ inbox, bytes, signal: cancellation.signal })
  }

  #refuse(inbox: string, failure: Parameters<typeof encodeError>[0]): void {
    this.#line.send({ subject: inbox, data: EMPTY, headers: toErrorHeaders(encodeError(failure)) })
  }
}
