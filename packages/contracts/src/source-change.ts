import { z } from 'zod'
import { Owner } from './address.ts'
import { Timestamp } from './json.ts'
import { TouchedRule } from './policy.ts'

/**
 * What of a refresh waits for a person: nothing; new operations that write; or every new operation
 * and every change to one, which stays as it was until then (pinning). A changed tool of an MCP server
 * is not called meanwhile: its server has no other than the changed one.
 */
export const ReviewMode = z.enum(['none', 'writes', 'all'])
export type ReviewMode = z.infer<typeof ReviewMode>

/** Milliseconds between two refreshes. A source is somebody's server, not ours to poll. */
export const REFRESH_EVERY_MS_MIN = 5 * 60 * 1000
export const REFRESH_EVERY_MS_MAX = 7 * 24 * 60 * 60 * 1000

/** How reading the source went the last time. A failure leaves the last good catalog in force. */
export const LastRefresh = z.object({
  at: Timestamp,
  ok: z.boolean(),
  /** Why it failed, in words for a person. */
  error: z.string().optional(),
  /** Since when every try has failed. */
  failingSince: Timestamp.optional(),
})
export type LastRefresh = z.infer<typeof LastRefresh>

/** One thing that an operation says differently: texts as they are, the rest as JSON, both cut. */
export const FieldChange = z.object({
  /** `description`, `method`, `inputSchema.properties.id.type`, `annotations.readOnly`. */
  path: z.string(),
  /** Absent where there was nothing. */
  before: z.string().optional(),
  /** Absent where there is nothing any more. */
  after: z.string().optional(),
})
export type FieldChange = z.infer<typeof FieldChange>

export const OperationChange = z.object({
  name: z.string(),
  change: z.enum(['added', 'changed', 'removed']),
  /** Whether it only looks, as it says now; of a removed one, as it said. */
  readOnly: z.boolean(),
  /** What a changed one says differently. */
  fields: z.array(FieldChange),
  /** There are more than are shown. */
  fieldsCut: z.boolean().optional(),
})
export type OperationChange = z.infer<typeof OperationChange>

export const SourceDiff = z.object({
  added: z.number().int(),
  changed: z.number().int(),
  removed: z.number().int(),
  /** The first of them, in name order; the counts are whole. */
  operations: z.array(OperationChange),
  /** Servers and whatever else the source says of itself. */
  settings: z.array(FieldChange),
})
export type SourceDiff = z.infer<typeof SourceDiff>

/** One account, where its tools are its own; absent: what the integration itself describes. */
export const ChangedAccount = z.object({ owner: Owner, connection: z.string() })
export type ChangedAccount = z.infer<typeof ChangedAccount>

/** What a refresh would do. */
export const RefreshPreview = z.object({
  slug: z.string(),
  toolCount: z.number().int(),
  diff: SourceDiff,
  rules: z.array(TouchedRule),
  /** Names of operations that would wait for review. */
  heldTools: z.array(z.string()),
  /** Why a refresh that nobody watches would leave everything as it is. */
  suspicion: z.string().optional(),
  warnings: z.array(z.string()),
})
export type RefreshPreview = z.infer<typeof RefreshPreview>

/** One change of an integration's operations, for the record. */
export const SourceChange = z.object({
  id: z.string(),
  at: Timestamp,
  cause: z.enum(['hand', 'schedule', 'upstream', 'approved', 'rejected', 'review']),
  /** The subject of whoever asked for it; empty for nobody in particular. */
  by: z.string(),
  account: ChangedAccount.optional(),
  diff: SourceDiff,
  /** Names of the operations that waited for review afterwards, or that were decided on. */
  heldTools: z.array(z.string()),
  rules: z.array(TouchedRule),
})
export type SourceChange = z.infer<typeof SourceChange>

/** An operation that waits for a person, or that one has turned down. */
export const HeldOperation = OperationChange.extend({
  change: z.enum(['added', 'changed']),
  description: z.string(),
  status: z.enum(['waiting', 'rejected']),
  heldAt: Timestamp,
  decidedAt: Timestamp.optional(),
  decidedBy: z.string().optional(),
})
export type HeldOperation = z.infer<typeof HeldOperation>

/** What is held back of one source. */
export const SourceReview = z.object({
  account: ChangedAccount.optional(),
  /** Names what is shown here: a decision is about this and nothing else. */
  revision: z.string(),
  waiting: z.number().int(),
  rejected: z.number().int(),
  operations: z.array(HeldOperation),
  rules: z.array(TouchedRule),
})
export type SourceReview = z.infer<typeof SourceReview>
