import type { z } from 'zod'

/**
 * Who may call a method, enforced by the bus on the server's side, whatever door the request came
 * through: `read` and `call` are open to agents, `manage` is for people (and for services acting on
 * a person's recorded approval), `internal` for services alone.
 */
export type Access = 'read' | 'call' | 'manage' | 'internal'

type Encoding = boolean | 'bytes'

export interface MethodDefinition<
  I extends z.ZodType = z.ZodType,
  O extends z.ZodType = z.ZodType,
  E extends Encoding = Encoding,
> {
  input: I
  output: O
  access: Access
  /** Safe to send again when the first answer was lost. */
  idempotent?: boolean
  /** Milliseconds the caller waits; `REQUEST_TIMEOUT_MS` when absent. */
  timeoutMs?: number
  /**
   * The reply stays JSON from the handler to the edge: the handler returns it encoded, the caller gets
   * it encoded, and nobody decodes what only passes through. As text (`true`, `Encoded`), or as `bytes`
   * (`EncodedBytes`) where it is long and sent more than once.
   */
  encoded?: E
}

export interface Method<
  I extends z.ZodType = z.ZodType,
  O extends z.ZodType = z.ZodType,
  E extends Encoding = Encoding,
> extends MethodDefinition<I, O, E> {
  service: string
  name: string
  /** `<service>.<verb-noun>`, also the span name and the metric label. */
  subject: string
}

/** JSON text that is known to hold a `T`. `T` exists for the compiler alone. */
export interface Encoded<T> {
  json: string
  readonly as?: T
}

/** JSON in UTF-8 that is known to hold a `T`. Whoever gets it changes nothing in it: others have it too. */
export interface EncodedBytes<T> {
  bytes: Uint8Array
  readonly as?: T
}

/** What a caller passes: defaults are not yet filled in. */
export type Input<M> = M extends { input: infer I extends z.ZodType } ? z.input<I> : never
/** What a handler receives: parsed. */
export type ParsedInput<M> = M extends { input: infer I extends z.ZodType } ? z.output<I> : never
/** What a handler returns and a caller receives. */
export type Output<M> = M extends { output: infer O extends z.ZodType; encoded: true }
  ? Encoded<z.output<O>>
  : M extends { output: infer O extends z.ZodType; encoded: 'bytes' }
    ? EncodedBytes<z.output<O>>
    : M extends { output: infer O extends z.ZodType }
      ? z.output<O>
      : never

export type MethodDefinitions = Record<string, MethodDefinition>
export type Contract<D extends MethodDefinitions = MethodDefinitions> = {
  service: string
  methods: { [K in keyof D]: D[K] & { service: string; name: K & string; subject: string } }
} & { [K in keyof D]: D[K] & { service: string; name: K & string; subject: string } }

/**
 * Turns a table of methods into a contract: `defineContract('policy', { decide: {…} }).decide.subject`
 * is `policy.decide`. Methods are reachable both as `contract.decide` and in `contract.methods`.
 */
export function defineContract<const D extends MethodDefinitions>(
  service: string,
  definitions: D,
): Contract<D> {
  const methods: Record<string, Method> = {}
  for (const [name, definition] of Object.entries(definitions)) {
    methods[name] = { ...definition, service, name, subject: `${service}.${kebab(name)}` }
  }
  return { service, methods, ...methods } as unknown as Contract<D>
}

export interface EventDefinition<P extends z.ZodType = z.ZodType> {
  /** `event.<service>.<noun-past-participle>`. */
  subject: string
  payload: P
}

/** A fact that is already true. Delivered at most once to every subscriber; rows are the truth. */
export function defineEvent<P extends z.ZodType>(
  service: string,
  name: string,
  payload: P,
): EventDefinition<P> {
  return { subject: `event.${service}.${kebab(name)}`, payload }
}

export interface QueueDefinition<J extends z.ZodType = z.ZodType> {
  /** `work.<service>.<noun>`. */
  subject: string
  job: J
  /** Milliseconds without a heartbeat after which a job is given to another worker. */
  ackWaitMs: number
  /** Deliveries after which a job is dropped and reported. */
  attemptsMax: number
}

/** Work that is done by exactly one worker at a time and given to another when that one dies. */
export function defineQueue<J extends z.ZodType>(
  service: string,
  name: string,
  job: J,
  bounds: { ackWaitMs: number; attemptsMax: number },
): QueueDefinition<J> {
  return { subject: `work.${service}.${kebab(name)}`, job, ...bounds }
}

function kebab(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, '$1-$2').toLowerCase()
}
