import type {
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
    /** Of the credential. */
    revision: string
  }
  signal: AbortSignal
  egress: Egress
}

/** One call of one operation, let through and ready to send. */
export interface ProtocolCall extends Access {
  /** Plans hang on its identity too. */
  operation: Operation
  /** As `prepare` gave them back. */
  args: JsonObject
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
  close?(): Promise<void>
}

/** By kind. */
export type Protocols = ReadonlyMap<string, Protocol>
