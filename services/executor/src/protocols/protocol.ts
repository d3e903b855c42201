import type {
  Answer,
  HealthCheckResult,
  IntegrationSettings,
  JsonObject,
  Operation,
  OperationDetail,
  Owner,
  ToolError,
} from '@executor/contracts'
import type { Egress } from '@executor/egress'

/** An upstream, and what it is entered with. */
export interface Access {
  /** Plans hang on its identity: hand the same object in as long as it is cached. */
  settings: IntegrationSettings
  /** Which account, for messages. */
  connection: { owner: Owner; name: string }
  credential: { template: string; values: Readonly<Record<string, string>> }
  /** Whose it is, for what is kept between calls; absent for a credential that is only tried. */
  account?: {
    tenant: string
    /** Empty for what the organization shares. */
    subject: string
    /** What its credential is good for: it outlasts tokens that replace each other. */
    consent: string
  }
  signal: AbortSignal
  egress: Egress
}

/** What an upstream wants to know from a person, or a model, before it goes on with a call. */
export type Question =
  | { kind: 'form'; message: string; requestedSchema: JsonObject }
  | { kind: 'url'; message: string; url: string; elicitationId?: string }
  /** CreateMessageRequest params of MCP. */
  | { kind: 'sampling'; request: JsonObject }

export interface QuestionAnswer {
  action: Answer
  /** What was filled in, for an accepted form; a CreateMessageResult, for an accepted sampling. */
  content?: JsonObject
  /** Why nobody was asked, or nobody answered; for whoever asked. */
  reason?: string
}

/**
 * Puts a question of the upstream to whoever may answer it, and comes back with the answer, minutes
 * later perhaps: until then the call's own time stands still. A question that its upstream no longer
 * asks is withdrawn by the signal. It rejects where the call is to be given up, because the run was
 * cancelled or goes on elsewhere: then end the upstream's request; what the call answers is not used.
 */
export type Ask = (question: Question, signal: AbortSignal) => Promise<QuestionAnswer>

/** Whom the questions of one call are put to. */
export interface Asker {
  /** Calls of one run may stand in for each other where an upstream does not say which of them it asks for. */
  run: string
  ask: Ask
}

/** One call of one operation, let through and ready to send. */
export interface ProtocolCall extends Access {
  /** Plans hang on its identity too. */
  operation: Operation
  /** As `prepare` gave them back. */
  args: JsonObject
  /** Asks a person in the middle of the call; absent where nobody can be asked. */
  asker?: Asker
}

/** What the upstream came to, as the text that is recorded and handed on. */
export interface ProtocolAnswer {
  /** A ToolResult. */
  json: string
  ok: boolean
  httpStatus: number | null
  /** It was sent, it may change something, and nobody knows whether it did. */
  outcomeUnknown: boolean
}

export type Prepared = { args: JsonObject } | { failure: ToolError }

/** How one kind of integration is called. Adding a kind is a folder here and a line in `protocols.ts`. */
export interface Protocol {
  kind: string
  /** Checks arguments before anyone is asked to approve them, and puts them into their one form. */
  prepare(detail: OperationDetail, args: JsonObject): Prepared
  /** Sends the call. Failures of the upstream are answers; it throws only what is a bug. */
  invoke(call: ProtocolCall): Promise<ProtocolAnswer>
  /**
   * Asks the upstream what it offers, for kinds whose operations only it knows; what it answers, the
   * kind's importer reads. Throws `ServiceError`.
   */
  discover?(access: Access): Promise<unknown>
  /** Whether the upstream lets the credential in, for kinds that can tell without an operation. */
  check?(access: Access): Promise<HealthCheckResult>
  /** Starts to follow what it has to know of; `close` ends it. */
  open?(): Promise<void>
  close?(): Promise<void>
}

/** Where what upstreams tell of themselves is written down. */
export interface UpstreamLog {
  debug(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

/** By kind. */
export type Protocols = ReadonlyMap<string, Protocol>
