import { z } from 'zod'
import { Owner } from './address.ts'
import { JsonSchema, PageInput } from './json.ts'
import { TOOL_ROWS_MAX } from './limits.ts'
import { Annotations, Operation, OperationError } from './operation.ts'
import { HeldOperation } from './source-change.ts'

/** One tool as lists show it: no schemas. */
export const ToolListing = z.object({
  address: z.string(),
  owner: Owner,
  integration: z.string(),
  connection: z.string(),
  name: z.string(),
  pluginId: z.string(),
  description: z.string(),
  mayElicit: z.boolean().optional(),
  requiresApproval: z.boolean().optional(),
  approvalDescription: z.string().optional(),
  static: z.boolean().optional(),
})
export type ToolListing = z.infer<typeof ToolListing>

export const ToolDescription = z.object({
  address: z.string(),
  name: z.string(),
  description: z.string(),
  inputSchema: JsonSchema,
  outputSchema: JsonSchema.optional(),
  /** What the upstream answers when a call fails, where its description says so. */
  errors: z.array(OperationError).optional(),
  /** The definitions that the schemas reach, and no others. */
  schemaDefinitions: z.record(z.string(), JsonSchema),
  inputTypeScript: z.string(),
  outputTypeScript: z.string(),
  /** What `error` of a failed call holds, for the statuses that are described. */
  errorTypeScript: z.string().optional(),
  typeScriptDefinitions: z.record(z.string(), z.string()),
  annotations: Annotations,
})
export type ToolDescription = z.infer<typeof ToolDescription>

export const SearchItem = z.object({
  /** The address of the first account's tool, without `tools.`. */
  path: z.string(),
  name: z.string(),
  description: z.string().optional(),
  integration: z.string(),
  score: z.number(),
  requiresApproval: z.boolean().optional(),
  /** Every connection the operation can be called through: `<owner>.<connection>`. */
  accounts: z.array(z.string()),
})
export type SearchItem = z.infer<typeof SearchItem>

export const SearchPage = z.object({
  items: z.array(SearchItem),
  total: z.number().int(),
  hasMore: z.boolean(),
  nextOffset: z.number().int().nullable(),
})
export type SearchPage = z.infer<typeof SearchPage>

/** What the executor needs to know of a tool before it sends it. */
export const LocatedTool = z.object({
  integration: z.string(),
  kind: z.string(),
  /** The snapshot the tool belongs to; with the tool's name the key of everything immutable. */
  snapshot: z.string(),
  /** The integration's settings at `revision`: servers, headers, auth methods. */
  revision: z.string(),
  /** Tools of the same account that are not called: their upstream has something else under their names. */
  pinned: z.array(HeldOperation.pick({ name: true, status: true })).optional(),
})
export type LocatedTool = z.infer<typeof LocatedTool>

export const OperationDetail = z.object({
  operation: Operation,
  /** Definitions the input schema reaches; the output's too when asked for. */
  definitions: z.record(z.string(), JsonSchema),
})
export type OperationDetail = z.infer<typeof OperationDetail>

const ToolKey = z.object({
  integration: z.string(),
  owner: Owner,
  connection: z.string(),
  tool: z.string(),
})

/** The methods of `catalog` that are about tools: finding, describing and calling them. */
export const toolMethods = {
  listTools: {
    input: z.object({
      integration: z.string().optional(),
      owner: Owner.optional(),
      connection: z.string().optional(),
      query: z.string().max(1000).optional(),
      includeAnnotations: z.boolean().default(true),
      includeBlocked: z.boolean().default(false),
      ...PageInput,
      /** Rows are short, and sent as the bytes they are kept in. */
      limit: z.number().int().min(1).max(TOOL_ROWS_MAX).optional(),
    }),
    output: z.object({ items: z.array(ToolListing), nextCursor: z.string().optional() }),
    access: 'read',
    idempotent: true,
    encoded: 'bytes',
  },
  describeTool: {
    input: z.object({ address: z.string().max(1100) }),
    output: ToolDescription,
    access: 'read',
    idempotent: true,
    encoded: true,
  },
  searchTools: {
    input: z.object({
      query: z.string().max(1000),
      /** An integration slug, or a longer address prefix. */
      namespace: z.string().max(1024).optional(),
      limit: z.number().int().min(1).max(100).default(12),
      offset: z.number().int().min(0).max(10_000).default(0),
    }),
    output: SearchPage,
    access: 'read',
    idempotent: true,
  },
  /** Up to five tools whose address looks like one that does not exist. */
  suggestTools: {
    input: z.object({ address: z.string().max(1100) }),
    output: z.array(z.string()),
    access: 'read',
  },
  locateTool: { input: ToolKey, output: LocatedTool, access: 'internal', idempotent: true },
  readOperation: {
    input: z.object({
      snapshot: z.string(),
      tool: z.string(),
      withOutput: z.boolean().default(false),
    }),
    output: OperationDetail,
    access: 'internal',
    idempotent: true,
  },
} as const
