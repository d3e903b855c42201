import type {
  EventDefinition,
  Input,
  Output,
  ParsedInput,
  Principal,
  QueueDefinition,
} from '@executor/contracts'
import type { z } from 'zod'

/** What a handler knows of the call beside its input. */
export interface CallContext {
  principal: Principal
  /** Aborts when the caller gives up, disconnects, or the deadline passes. */
  signal: AbortSignal
  /** Milliseconds since 1970 after which nobody reads the answer. */
  deadline: number
  /** The bytes that came beside the input, where the caller sent any. The handler may keep them. */
  attachment?: Uint8Array
}

export type Handler<M> = (
  input: ParsedInput<M>,
  context: CallContext,
) => Promise<Output<M>> | Output<M>
/** A missing handler is a compile error. */
export type Handlers<C extends AnyContract> = {
  [K in keyof C['methods']]: Handler<C['methods'][K]>
}

export interface RequestOptions {
  principal: Principal
  signal?: AbortSignal | undefined
  /** Milliseconds; the method's own bound when absent. */
  timeoutMs?: number
  /**
   * Bytes beside the input, carried as they are: a document that is too long to be quoted as JSON and
   * read again on its way. They are the handler's from then on.
   */
  attachment?: Uint8Array | undefined
}

export interface JobContext {
  /** 1 for the first delivery. */
  attempt: number
  /** Tells the queue that the job is still being worked on; sooner than the queue's `ackWaitMs`. */
  heartbeat(): void
  /** Aborts when the worker is told to stop. */
  signal: AbortSignal
}

export interface Subscription {
  /** Stops accepting, and waits for what was accepted to be answered. */
  drain(): Promise<void>
}

export interface Bus {
  /**
   * Asks and waits. Throws `ServiceError`: what the handler threw, `unavailable` when nobody
   * serves, `deadline_exceeded`, `cancelled`, `invalid_argument` when the input does not parse,
   * `permission_denied` when this process or this principal may not ask for that.
   * `unavailable` with the reason `connection_lost` says that nobody knows whether it was done.
   */
  request<M extends AnyMethod>(
    method: M,
    input: Input<M>,
    options: RequestOptions,
  ): Promise<Output<M>>
  /**
   * Serves every method of a contract; instances of one service share the requests. `instance` names
   * this one, in letters, digits, `-` and `_`; a name is made where none is given.
   */
  serve<C extends AnyContract>(
    contract: C,
    handlers: Handlers<C>,
    options?: { instance?: string },
  ): Promise<Subscription>
  /**
   * Whether an instance of a service is there. False only where that is certain: one that does not
   * answer may be busy, and in an outage of the transport nobody can tell. Answers within a second.
   */
  isServing(service: string, instance: string): Promise<boolean>
  publish<P extends z.ZodType>(event: EventDefinition<P>, payload: z.input<P>): void
  /**
   * Every subscriber gets every event, in the order in which one publisher sent them. `missed` is
   * called when events may have been lost (an outage of the transport): drop what you cached.
   */
  subscribe<P extends z.ZodType>(
    event: EventDefinition<P>,
    listener: (payload: z.output<P>) => void,
    options?: { missed?: () => void },
  ): Promise<Subscription>
  /**
   * Puts a job on a queue; resolves once it is safe there. The same `id` within the queue's
   * deduplication window is one job.
   */
  enqueue<J extends z.ZodType>(
    queue: QueueDefinition<J>,
    job: z.input<J>,
    options: { id: string },
  ): Promise<void>
  /**
   * Works on a queue, `concurrency` jobs at a time. A job whose handler resolves is done; one whose
   * handler throws, or whose worker dies, is delivered again.
   */
  work<J extends z.ZodType>(
    queue: QueueDefinition<J>,
    options: { concurrency: number },
    handler: (job: z.output<J>, context: JobContext) => Promise<void>,
  ): Promise<Subscription>
  /** Drains everything, then disconnects. */
  close(): Promise<void>
}

/** Any method of any contract. */
export interface AnyMethod {
  service: string
  name: string
  subject: string
  input: z.ZodType
  output: z.ZodType
  access: 'read' | 'call' | 'manage' | 'internal'
  idempotent?: boolean
  timeoutMs?: number
  encoded?: boolean | 'bytes'
}

/** Any contract, as `defineContract` makes them. */
export interface AnyContract {
  service: string
  methods: Record<string, AnyMethod>
}
