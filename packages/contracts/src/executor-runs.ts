import { z } from 'zod'
import { defineEvent, defineQueue } from './define.ts'
import { Interaction } from './executor-interactions.ts'
import { PageInput, Timestamp } from './json.ts'
import { ToolError } from './operation.ts'
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

/** A bound on waiting inside one request; whoever waits longer asks again. */
export const AWAIT_MS_MAX = 55_000

/** The methods of `executor` that are about runs that are there. */
export const runMethods = {
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
    encoded: true,
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
} as const

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

/** A run that any worker may take up. */
export const runQueue = defineQueue(
  'executor',
  'run',
  z.object({ tenant: z.string(), id: z.string() }),
  { ackWaitMs: 10_000, attemptsMax: 1_000 },
)
