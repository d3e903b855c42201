import { z } from 'zod'
import { JsonSchema } from './json.ts'

/** What an operation does upstream, as far as its description tells. */
export const Annotations = z.object({
  /** Only looks; may be sent again, needs no approval by default. */
  readOnly: z.boolean(),
  /** Sending it twice is like sending it once. */
  idempotent: z.boolean().default(false),
  destructive: z.boolean().default(false),
  requiresApproval: z.boolean(),
  /** What a person is told is about to happen: "DELETE /repos/{owner}/{repo}". */
  approvalDescription: z.string().optional(),
  mayElicit: z.boolean().optional(),
  deprecated: z.boolean().optional(),
})
export type Annotations = z.infer<typeof Annotations>

/** What the upstream says when a call fails, by status: `404`, `4XX` or `default`. */
export const OperationError = z.object({ statuses: z.array(z.string()), schema: JsonSchema })
export type OperationError = z.infer<typeof OperationError>

/**
 * One callable of a source. Stored once per snapshot; a tool is a connection × an operation.
 * Schemas refer to the snapshot's shared definitions as `#/$defs/<name>`.
 */
export const Operation = z.object({
  /** The last part of the tool's address; may contain dots. */
  name: z.string().min(1).max(256),
  description: z.string(),
  /** One line, where the source has one besides its description. */
  summary: z.string().optional(),
  tags: z.array(z.string()).default([]),
  annotations: Annotations,
  inputSchema: JsonSchema,
  outputSchema: JsonSchema.optional(),
  errors: z.array(OperationError).optional(),
  /** What the kind's invoker needs to send it; only that kind reads it. */
  binding: z.unknown(),
})
export type Operation = z.infer<typeof Operation>

/** What a source was imported into: immutable, identified by its hash. */
export interface Snapshot {
  operations: Operation[]
  definitions: Record<string, JsonSchema>
}

/** What a tool answers. Failures an agent can act on are values, never exceptions. */
export const ToolError = z.object({
  code: z.string(),
  message: z.string(),
  status: z.number().int().optional(),
  details: z.unknown().optional(),
  retryable: z.boolean().optional(),
  /** Milliseconds after which another try makes sense, where the upstream says so. */
  retryAfterMs: z.number().int().nonnegative().optional(),
})
export type ToolError = z.infer<typeof ToolError>
export const HttpInfo = z.object({
  status: z.number().int(),
  headers: z.record(z.string(), z.string()),
})
export type HttpInfo = z.infer<typeof HttpInfo>
export const ToolResult = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), data: z.unknown(), http: HttpInfo.optional() }),
  z.object({ ok: z.literal(false), error: ToolError, http: HttpInfo.optional() }),
])
export type ToolResult = z.infer<typeof ToolResult>

/** A file on its way in or out of a tool. */
export const ToolFile = z.object({
  _tag: z.literal('ToolFile'),
  name: z.string().optional(),
  mimeType: z.string(),
  encoding: z.literal('base64'),
  data: z.string(),
  byteLength: z.number().int().nonnegative(),
})
export type ToolFile = z.infer<typeof ToolFile>
