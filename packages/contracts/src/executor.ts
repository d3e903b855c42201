import { z } from 'zod'
import { Owner, Slug } from './address.ts'
import { HealthCheckSpec } from './catalog.ts'
import { HealthCheckResult } from './connections.ts'
import { defineContract, defineEvent } from './define.ts'
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

/** `unknown`: it was sent, and nobody knows whether it arrived. It is never sent again. */
export const StepStatus = z.enum(['intended', 'settled', 'unknown'])
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

export const Interaction = z.object({
  id: z.string(),
  runId: z.string(),
  kind: z.enum(['approval', 'form', 'url']),
  message: z.string(),
  address: z.string(),
  arguments: z.unknown(),
  /** SHA-256 of address and arguments: an answer counts for exactly this. */
  digest: z.string(),
  requestedSchema: z.unknown().optional(),
  url: z.string().optional(),
  status: z.enum(['open', 'accepted', 'declined', 'cancelled', 'expired']),
  createdAt: Timestamp,
  expiresAt: Timestamp.nullable(),
  answeredAt: Timestamp.nullable(),
  answeredBy: z.string().nullable(),
  answeredVia: Via.nullable(),
})
export type Interaction = z.infer<typeof Interaction>

export const RunDetail = RunSummary.extend({
  code: z.string().nullable(),
  arguments: z.unknown(),
  result: z.unknown(),
  /** The whole result is longer than what is shown here; `readResult` has it. */
  resultTruncated: z.boolean(),
  error: ToolError.nullable(),
  logs: z.array(z.string()),
  steps: z.array(Step),
  interactions: z.array(Interaction),
  traceId: z.string().nullable(),
})
export type RunDetail = z.infer<typeof RunDetail>

export const InvokeInput = z.object({
  address: z.string().min(1).max(1100),
  arguments: JsonObject.default({}),
})
/** What invoking one tool comes to. */
export const Invocation = z.discriminatedUnion('status', [
  z.object({ status: z.literal('settled'), runId: z.string(), result: ToolResult }),
  z.object({ status: z.literal('waiting'), runId: z.string(), interaction: Interaction }),
])
export type Invocation = z.infer<typeof Invocation>

export const executor = defineContract('executor', {
  /** One tool call: located, checked, decided, sent, recorded. */
  invoke: {
    input: InvokeInput,
    output: ToolResult,
    access: 'call',
    timeoutMs: 180_000,
    encoded: true,
  },
  /** Tries a credential with a read-only operation; records nothing. */
  probeCredential: {
    input: z.object({
      owner: Owner,
      integration: Slug,
      template: z.string(),
      values: z.record(z.string(), z.string()),
      spec: HealthCheckSpec,
    }),
    output: HealthCheckResult,
    access: 'internal',
    timeoutMs: 60_000,
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
    encoded: true,
  },
})

export const runChanged = defineEvent(
  'executor',
  'runChanged',
  z.object({
    tenant: z.string(),
    id: z.string(),
    subject: z.string(),
    status: RunStatus,
    title: z.string(),
  }),
)
