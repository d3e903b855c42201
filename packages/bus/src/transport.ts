import type { Principal, QueueDefinition } from '@executor/contracts'
import type { AnyMethod, Handler, Subscription } from './bus.ts'
import type { Answer } from './envelope.ts'
import type { Outcome, QueuedJob } from './run-job.ts'
import type { Carrier } from './telemetry.ts'

/** One method and what answers it. */
export interface Endpoint {
  method: AnyMethod
  handler: Handler<AnyMethod>
}

/** A request on its way out: texts, numbers and bytes, nothing that two sides go on sharing. */
export interface Outgoing {
  method: AnyMethod
  principal: Principal
  body: string
  /** Bytes that travel beside the body. */
  attachment: Uint8Array | undefined
  carrier: Carrier | undefined
  timeoutMs: number
  signal: AbortSignal | undefined
}

export interface OutgoingEvent {
  subject: string
  body: string
  carrier: Carrier | undefined
}

export interface EventListener {
  subject: string
  /** Never rejects. */
  deliver(body: string, carrier: Carrier | undefined): Promise<void>
  /** Events may have been lost on the way here. */
  missed(): Promise<void>
}

export interface Worker {
  queue: QueueDefinition
  concurrency: number
  /** Never rejects. */
  run(job: QueuedJob): Promise<Outcome>
}

/**
 * What a transport is asked for: to carry texts. Encoding, validation, access, spans and errors are
 * the same for all of them and live in front of it.
 */
export interface Transport {
  send(outgoing: Outgoing): Promise<Answer>
  serve(service: string, instance: string, endpoints: Endpoint[]): Promise<Subscription>
  isServing(service: string, instance: string): Promise<boolean>
  publish(event: OutgoingEvent): void
  subscribe(listener: EventListener): Promise<Subscription>
  enqueue(
    queue: QueueDefinition,
    job: { id: string; body: string; carrier: Carrier | undefined },
  ): Promise<void>
  work(worker: Worker): Promise<Subscription>
  /** Called after everything was drained. */
  close(): Promise<void>
}
