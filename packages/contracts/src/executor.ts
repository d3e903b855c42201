import { z } from 'zod'
import { Owner, Slug } from './address.ts'
import { AuthMethod } from './auth-method.ts'
import { HealthCheckResult } from './connections.ts'
import { defineContract, defineEvent, defineQueue } from './define.ts'
import { HealthCheckSpec } from './health-check.ts'
import { JsonObject, PageInput, Timestamp } from './json.ts'
import { ToolError, ToolResult } from './operation.ts'
import { Via } from './principal.ts'

/**
 * `queued` → `running` ⇄ `waiting` → `completed` | `failed` | `cancelled`. A completed run may hold a
 * tool's own failure: the run did what it was asked to.
 */
export const RunStatus = z.enum([
  'queued',
  'running',
  'waiting',
  'completed',
  'failed',
  'cancelled',
])
export type RunStatus = z.infer<typeof RunStatus>

export const RunKind = z.enum(['invocation', 'execution'])
export type RunKind = z.infer<typeof RunKind>

export const RunSummary = z.object({
  id: z.string(),
  kind: RunKind,
  status: RunStatus,
  /** The tool's address, or the first line of the code. */
  title: z.string(),
  /** Whether the tool or the script ended in a failure of its own. */
  isError: z.boolean(),
  /** Who started it, and through which door. */
  subject: z.string(),
  via: Via,
  createdAt: Timestamp,
  startedAt: Timestamp.nullable(),
  settledAt: Timestamp.nullable(),
  stepCount: z.number().int(),
})
export type RunSummary = z.infer<typeof RunSummary>

/** `waiting`: a person is asked. `unknown`: it was sent, and nobody knows whether it arrived. It is never sent again. */
export const StepStatus = z.enum(['waiting', 'intended', 'settled', 'unknown'])
export type StepStatus = z.infer<typeof StepStatus>
export const Step = z.object({
  index: z.number().int(),
  address: z.string(),
  arguments: z.unknown(),
  status: StepStatus,
  readOnly: z.boolean(),
  /** Which decision let it pass. */
  decision: z.string(),
  ok: z.boolean().nullable(),
  error: ToolError.nullable(),
  httpStatus: z.number().int().nullable(),
  resultBytes: z.number().int().nullable(),
  startedAt: Timestamp,
  settledAt: Timestamp.nullable(),
})
export type Step = z.infer<typeof Step>

export const InteractionStatus = z.enum(['open', 'accepted', 'declined', 'cancelled', 'expired'])
export type InteractionStatus = z.infer<typeof InteractionStatus>

/**
 * `approval`: whether a call may be sent. The others are asked by an upstream while a call is under
 * way: `form` wants values, `url` wants a page opened, `sampling` wants what the model of the run's
 * own MCP client says.
 */
export const InteractionKind = z.enum(['approval', 'form', 'url', 'sampling'])
export type InteractionKind = z.infer<typeof InteractionKind>

/** A question to a person, and what came of it. */
export const Interaction = z.object({
  id: z.string(),
  runId: z.string(),
  kind: InteractionKind,
  message: z.string(),
  address: z.string(),
  arguments: z.unknown(),
  /** SHA-256 of address, arguments and question: an answer counts for exactly this. */
  digest: z.string(),
  requestedSchema: z.unknown().optional(),
  url: z.string().optional(),
  /** `sampling`: CreateMessageRequest params of MCP. */
  request: z.unknown().optional(),
  status: InteractionStatus,
  createdAt: Timestamp,
  expiresAt: Timestamp.nullable(),
  answeredAt: Timestamp.nullable(),
  answeredBy: z.string().nullable(),
  answeredVia: Via.nullable(),
})
export type Interaction = z.infer<typeof Interaction>

/** What a script came to. `value` is absent where it returned nothing. */
export const ExecutionResult = z.discriminatedUnion('ok', [
  z.object({
    ok: z.literal(true),
    value: z.unknown().optional(),
    emitted: z.array(z.unknown()),
    logs: z.array(z.string()),
  }),
  z.object({
    ok: z.literal(false),
    error: z.object({
      code: z.string(),
      message: z.string(),
      line: z.number().int().optional(),
      column: z.number().int().optional(),
    }),
    emitted: z.array(z.unknown()),
    logs: z.array(z.string()),
  }),
])
export type ExecutionResult = z.infer<typeof ExecutionResult>

export const RunDetail = RunSummary.extend({
  code: z.string().nullable(),
  arguments: z.unknown(),
  /** A ToolResult or an ExecutionResult; null while there is none, and where it is cut. */
  result: z.unknown(),
  resultBytes: z.number().int().nullable(),
  /** The whole result is longer than what is shown here; `readResult` has it. */
  resultTruncated: z.boolean(),
  steps: z.array(Step),
  interactions: z.array(Interaction),
  traceId: z.string().nullable(),
  /** Milliseconds its clock has run; it stands still while the run waits. */
  activeMs: z.number(),
  /** How often a worker took it up. */
  attempt: z.number().int(),
})
export type RunDetail = z.infer<typeof RunDetail>

/** A run seen by whoever waits for it. */
export const RunOutcome = z.discriminatedUnion('status', [
  z.object({ status: z.literal('running'), runId: z.string() }),
  z.object({
    status: z.literal('waiting'),
    runId: z.string(),
    interactions: z.array(Interaction).min(1),
  }),
  z.object({
    status: z.literal('settled'),
    runId: z.string(),
    kind: RunKind,
    run: z.enum(['completed', 'failed', 'cancelled']),
    /** A ToolResult or an ExecutionResult; null for a run that was cancelled before it had one. */
    result: z.unknown(),
  }),
])
export type RunOutcome = z.infer<typeof RunOutcome>

/** Whom an upstream's questions can be put to, beside people. */
const Asked = {
  /** The caller is an MCP client that asks its model on behalf of upstreams. */
  canSample: z.boolean().optional(),
}

export const InvokeInput = z.object({
  address: z.string().min(1).max(1100),
  arguments: JsonObject.default({}),
  /** Made by the caller: asking again with the same id never starts a second run. */
  runId: z.string().max(64).optional(),
  ...Asked,
})
/** A gated call, which was not sent, or one whose upstream asks before it goes on. */
export const WaitingInvocation = z.object({
  status: z.literal('waiting'),
  runId: z.string(),
  interaction: Interaction,
})
export type WaitingInvocation = z.infer<typeof WaitingInvocation>

const CODE_CHARS_MAX = 1_000_000
/** A bound on waiting inside one request; whoever waits longer asks again. */
const AWAIT_MS_MAX = 55_000

/** A server that is started for it may have to be downloaded first. */
const DISCOVERY_TIMEOUT_MS = 90_000

export const Answer = z.enum(['accept', 'decline', 'cancel'])
export type Answer = z.infer<typeof Answer>

export const executor = defineContract('executor', {
  /**
   * One tool call: located, checked, decided, sent, recorded. The JSON text is a ToolResult
   * (`{"ok":…`) or, for a gated call, a WaitingInvocation (`{"status":"waiting",…`).
   */
  invoke: {
    input: InvokeInput,
    output: z.union([ToolResult, WaitingInvocation]),
    access: 'call',
    timeoutMs: 180_000,
    encoded: true,
  },
  /** Starts agent code, and waits up to `waitMs` for it to settle or to need a person. */
  execute: {
    input: z.object({
      code: z.string().min(1).max(CODE_CHARS_MAX),
      runId: z.string().max(64).optional(),
      /** The same was asked before, and no answer came: the run may be there already. */
      again: z.boolean().default(false),
      /** A person's own run: gated calls pass without asking. Refused to agents. */
      autoApprove: z.boolean().default(false),
      waitMs: z.number().int().min(0).max(AWAIT_MS_MAX).default(0),
      ...Asked,
    }),
    output: RunOutcome,
    access: 'call',
    timeoutMs: 60_000,
  },
  /** Waits for a run to settle or to need a person. */
  awaitRun: {
    input: z.object({
      id: z.string().max(64),
      waitMs: z.number().int().min(0).max(AWAIT_MS_MAX).default(0),
      /** Interactions that the caller knows of: only another one counts as news. */
      known: z.array(z.string()).max(100).default([]),
    }),
    output: RunOutcome,
    access: 'read',
    idempotent: true,
    timeoutMs: 60_000,
  },
  /**
   * Answers an open interaction, once. The same answer again is answered as it was; another one is
   * refused (`interaction_answered`). Who may: the run's own subject or an administrator, and an
   * agent only where the instance allows it, or its model is what is asked. What is filled in has to
   * fit the question (`content_invalid`); the question stays open where it does not.
   */
  answerInteraction: {
    input: z.object({
      id: z.string().max(64),
      action: Answer,
      content: JsonObject.optional(),
      /** What the person saw; refused when it is not what would be sent. */
      digest: z.string().max(128).optional(),
      /** Lets this tool pass so many more times in this run. */
      grant: z.number().int().min(1).max(1000).optional(),
    }),
    output: Interaction,
    access: 'call',
  },
  getInteraction: {
    input: z.object({ id: z.string().max(64) }),
    output: Interaction,
    access: 'read',
  },
  listInteractions: {
    input: z.object({
      status: InteractionStatus.optional(),
      runId: z.string().max(64).optional(),
      ...PageInput,
    }),
    output: z.object({ items: z.array(Interaction), nextCursor: z.string().optional() }),
    access: 'read',
  },
  cancelRun: {
    input: z.object({ id: z.string().max(64) }),
    output: RunSummary,
    access: 'call',
  },
  /** The same code or call once more, as a run of its own. */
  rerunRun: {
    input: z.object({ id: z.string().max(64), runId: z.string().max(64).optional() }),
    output: RunSummary,
    access: 'call',
  },
  /** The whole result as JSON text, however large. */
  readResult: {
    input: z.object({ id: z.string().max(64), step: z.number().int().min(0).optional() }),
    output: z.unknown(),
    access: 'read',
    encoded: true,
  },
  /**
   * Tries a credential with a read-only operation, or, without one, in the way in which the
   * integration's kind tells by itself whether it is let in. Records nothing.
   */
  probeCredential: {
    input: z.object({
      owner: Owner,
      integration: Slug,
      template: z.string(),
      values: z.record(z.string(), z.string()),
      spec: HealthCheckSpec.optional(),
    }),
    output: HealthCheckResult,
    access: 'internal',
    timeoutMs: 60_000,
  },
  /**
   * Asks an upstream what it offers, for kinds that only a conversation with it can tell. Without an
   * account it is asked without a credential. The answer is the kind's own.
   */
  discoverSource: {
    input: z.object({
      kind: z.string(),
      /** The integration as it is stored; absent while it is not. */
      stored: z.object({ slug: Slug, revision: z.string() }).optional(),
      authMethods: z.array(AuthMethod),
      config: z.unknown(),
      account: z.object({ owner: Owner, name: z.string() }).optional(),
    }),
    output: z.unknown(),
    access: 'internal',
    timeoutMs: DISCOVERY_TIMEOUT_MS,
  },
  listRuns: {
    input: z.object({
      status: RunStatus.optional(),
      kind: RunKind.optional(),
      address: z.string().max(1100).optional(),
      ...PageInput,
    }),
    output: z.object({ items: z.array(RunSummary), nextCursor: z.string().optional() }),
    access: 'read',
    idempotent: true,
  },
  getRun: {
    input: z.object({ id: z.string().max(128) }),
    output: RunDetail,
    access: 'read',
    idempotent: true,
  },
})

export const RunChange = z.object({
  tenant: z.string(),
  id: z.string(),
  subject: z.string(),
  status: RunStatus,
  title: z.string(),
})
export type RunChange = z.infer<typeof RunChange>

/** Changes that one message tells. */
export const RUN_CHANGES_MAX = 100
/** Each run once, with what it has come to. */
export const runsChanged = defineEvent(
  'executor',
  'runsChanged',
  z.object({ runs: z.array(RunChange).min(1).max(RUN_CHANGES_MAX) }),
)

/** Somebody answered, or asked to cancel: whoever holds the run acts on it. */
export const runSignalled = defineEvent(
  'executor',
  'runSignalled',
  z.object({ id: z.string(), signal: z.enum(['answered', 'cancelled']) }),
)

/** An upstream says that what it offers to an account has changed; whoever keeps it asks again. */
export const upstreamChanged = defineEvent(
  'executor',
  'upstreamChanged',
  z.object({
    tenant: z.string(),
    integration: z.string(),
    owner: Owner,
    subject: z.string(),
    connection: z.string(),
  }),
)

/** A run that any worker may take up. */
export const runQueue = defineQueue(
  'executor',
  'run',
  z.object({ tenant: z.string(), id: z.string() }),
  { ackWaitMs: 10_000, attemptsMax: 1_000 },
)
