import { z } from 'zod'
import { Owner, Slug } from './address.ts'
import { AuthMethod } from './auth-method.ts'
import { defineContract, defineEvent } from './define.ts'
import { HealthCheckSpec } from './health-check.ts'
import { JsonObject, JsonSchema, PageInput, Timestamp } from './json.ts'
import { DOCUMENT_BYTES_MAX, TOOL_ROWS_MAX } from './limits.ts'
import { Annotations, Operation, OperationError } from './operation.ts'
import { Preset } from './preset.ts'
import {
  ChangedAccount,
  HeldOperation,
  LastRefresh,
  REFRESH_EVERY_MS_MAX,
  RefreshPreview,
  ReviewMode,
  SourceChange,
  SourceReview,
} from './source-change.ts'

export const Integration = z.object({
  slug: Slug,
  name: z.string(),
  description: z.string(),
  /** Which adapter reads and calls it: `openapi`, `graphql`, `mcp`. */
  kind: z.string(),
  canRemove: z.boolean(),
  /** There is an upstream to read again. */
  canRefresh: z.boolean(),
  authMethods: z.array(AuthMethod),
  displayUrl: z.string().optional(),
  toolCount: z.number().int(),
  createdAt: Timestamp,
  updatedAt: Timestamp,
  /** Changes whenever tools, servers or methods change. */
  revision: z.string(),
  review: ReviewMode,
  /** Milliseconds between two refreshes that nobody asks for; null for none. */
  refreshEveryMs: z.number().int().nullable(),
  /** Operations that wait for review. */
  heldCount: z.number().int(),
  /** Absent until it is read again for the first time. */
  lastRefresh: LastRefresh.optional(),
})
export type Integration = z.infer<typeof Integration>

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

/** What a client pays for tools in its context, in tokens. */
export const TokenEstimate = z.object({
  /** Each operation as a tool of its own, which no mode of ours does. */
  direct: z.number().int(),
  /** What the endpoint's own tools take, whatever is added. */
  code: z.number().int().optional(),
  passthrough: z.number().int().optional(),
})

/** Something that an address, a document, a command or a name could be added as. */
export const Detection = z.object({
  kind: z.string(),
  confidence: z.enum(['high', 'medium', 'low']),
  /** Where it is, or how it is started; empty where that is not known. */
  endpoint: z.string(),
  name: z.string(),
  slug: z.string(),
  description: z.string().optional(),
  /** The preset that it is, by its id. */
  preset: z.string().optional(),
  authMethods: z.array(AuthMethod).optional(),
  credential: Preset.shape.credential.optional(),
  /** Absent where that is known only once it has been added. */
  estimate: z.object({ operations: z.number().int(), tokens: TokenEstimate }).optional(),
  warnings: z.array(z.string()).optional(),
  /** What its kind is given to add it, but for what is `missing`. */
  input: JsonObject.optional(),
  /** Fields of the input that only a person can tell; a pasted document is not repeated either. */
  missing: z.array(z.string()).optional(),
  /** The same as a request. */
  add: z.object({ method: z.string(), path: z.string(), body: JsonObject }).optional(),
})
export type Detection = z.infer<typeof Detection>

export const ImportResult = z.object({
  slug: z.string(),
  toolCount: z.number().int(),
  addedTools: z.array(z.string()),
  removedTools: z.array(z.string()),
  changedTools: z.array(z.string()),
  /** Those that wait for review; they are in none of the lists above. */
  heldTools: z.array(z.string()).optional(),
  warnings: z.array(z.string()),
})
export type ImportResult = z.infer<typeof ImportResult>

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

export const IntegrationSettings = z.object({
  slug: z.string(),
  kind: z.string(),
  revision: z.string(),
  authMethods: z.array(AuthMethod),
  /** Only the kind's own code reads it. */
  config: z.unknown(),
})
export type IntegrationSettings = z.infer<typeof IntegrationSettings>

export const OperationDetail = z.object({
  operation: Operation,
  /** Definitions the input schema reaches; the output's too when asked for. */
  definitions: z.record(z.string(), JsonSchema),
})
export type OperationDetail = z.infer<typeof OperationDetail>

const BySlug = z.object({ slug: Slug })
const ToolKey = z.object({
  integration: z.string(),
  owner: Owner,
  connection: z.string(),
  tool: z.string(),
})
/** Reading, parsing and storing a large description takes longer than an ordinary request. */
const IMPORT_TIMEOUT_MS = 120_000

export const catalog = defineContract('catalog', {
  detectSource: {
    /** An address, a document, settings of MCP servers, a command line, or a preset's name. */
    input: z.object({ input: z.string().min(1).max(DOCUMENT_BYTES_MAX) }),
    output: z.array(Detection),
    access: 'read',
    timeoutMs: IMPORT_TIMEOUT_MS,
  },
  /** Well-known integrations that are added by their name. */
  listPresets: {
    input: z.object({
      query: z.string().max(200).optional(),
      kind: z.string().max(64).optional(),
      family: z.string().max(64).optional(),
      ...PageInput,
    }),
    output: z.object({ items: z.array(Preset), nextCursor: z.string().optional() }),
    access: 'read',
    idempotent: true,
  },
  /** Reads a source and says what it would add; saves nothing. `input` is the kind's own, or a preset. */
  previewSource: {
    input: z.object({ kind: z.string(), input: z.unknown() }),
    output: z.unknown(),
    access: 'read',
    timeoutMs: IMPORT_TIMEOUT_MS,
  },
  addIntegration: {
    input: z.object({ kind: z.string(), input: z.unknown() }),
    output: ImportResult,
    access: 'manage',
    timeoutMs: IMPORT_TIMEOUT_MS,
  },
  /** Changes the kind's own settings (servers, methods), not its tools. */
  configureIntegration: {
    input: z.object({ slug: Slug, input: z.unknown() }),
    output: Integration,
    access: 'manage',
  },
  /** Reads the source again and swaps the snapshot; connections stay. */
  refreshIntegration: {
    input: z.object({
      slug: Slug,
      input: z.unknown(),
      /** Even where so much is gone that the source itself may be broken. */
      force: z.boolean().default(false),
    }),
    output: ImportResult,
    access: 'manage',
    timeoutMs: IMPORT_TIMEOUT_MS,
  },
  /** Reads the source and says what a refresh would do; changes nothing. */
  previewRefresh: {
    input: z.object({ slug: Slug, input: z.unknown() }),
    output: RefreshPreview,
    access: 'manage',
    timeoutMs: IMPORT_TIMEOUT_MS,
  },
  /** What changed in an integration's operations, the last first. */
  listChanges: {
    input: z.object({ slug: Slug, ...PageInput }),
    output: z.object({ items: z.array(SourceChange), nextCursor: z.string().optional() }),
    access: 'read',
    idempotent: true,
  },
  /** What waits for review, and what was turned down. An agent sees that it is, not what it says. */
  listHeldOperations: {
    input: BySlug,
    output: z.array(SourceReview),
    access: 'read',
    idempotent: true,
  },
  /** Lets held operations in, or turns them down; all that wait where none is named. */
  reviewOperations: {
    input: z.object({
      slug: Slug,
      account: ChangedAccount.optional(),
      /** Of what was shown. */
      revision: z.string().max(256),
      decision: z.enum(['approve', 'reject']),
      operations: z.array(z.string().max(256)).min(1).max(10_000).optional(),
    }),
    output: z.object({
      decided: z.array(z.string()),
      waiting: z.number().int(),
      toolCount: z.number().int(),
    }),
    access: 'manage',
    timeoutMs: IMPORT_TIMEOUT_MS,
  },
  /** Asks anew what one account reaches, for kinds whose tools depend on it. */
  refreshConnection: {
    input: z.object({ integration: Slug, owner: Owner, connection: z.string() }),
    output: ImportResult,
    access: 'call',
    timeoutMs: IMPORT_TIMEOUT_MS,
  },
  updateIntegration: {
    input: z.object({
      slug: Slug,
      name: z.string().min(1).max(256).optional(),
      description: z.string().max(8192).optional(),
      review: ReviewMode.optional(),
      refreshEveryMs: z.number().int().min(1).max(REFRESH_EVERY_MS_MAX).nullable().optional(),
    }),
    output: Integration,
    access: 'manage',
    /** What another way of reviewing no longer holds back is let in. */
    timeoutMs: IMPORT_TIMEOUT_MS,
  },
  removeIntegration: {
    input: BySlug,
    output: z.object({ removed: z.boolean() }),
    access: 'manage',
    timeoutMs: 60_000,
  },
  getIntegration: { input: BySlug, output: Integration, access: 'read', idempotent: true },
  listIntegrations: {
    input: z.object({ ...PageInput }),
    output: z.object({ items: z.array(Integration), nextCursor: z.string().optional() }),
    access: 'read',
    idempotent: true,
  },
  /** The kind's own view of an integration's settings. */
  getIntegrationSettings: {
    input: BySlug,
    output: IntegrationSettings,
    access: 'read',
    idempotent: true,
  },
  getHealthCheck: { input: BySlug, output: HealthCheckSpec.nullable(), access: 'read' },
  setHealthCheck: {
    input: z.object({ slug: Slug, spec: HealthCheckSpec.nullable() }),
    output: z.object({ ok: z.boolean() }),
    access: 'manage',
  },
  listHealthCheckCandidates: {
    input: BySlug,
    output: z.array(
      z.object({
        operation: z.string(),
        description: z.string(),
        requiredArgs: z.array(z.string()),
      }),
    ),
    access: 'read',
  },
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
})

/** Something about an integration changed; whoever shows it reads it again. */
export const integrationChanged = defineEvent(
  'catalog',
  'integrationChanged',
  z.object({
    tenant: z.string(),
    slug: z.string(),
    change: z.enum(['added', 'updated', 'removed']),
  }),
)

/** Operations came, changed or went, or began to wait for review, or were decided on. */
export const operationsChanged = defineEvent(
  'catalog',
  'operationsChanged',
  z.object({
    tenant: z.string(),
    slug: z.string(),
    /** Whose they are: everybody's, or one subject's. */
    owner: Owner,
    subject: z.string(),
    /** Absent for what the integration itself describes. */
    connection: z.string().optional(),
    added: z.number().int(),
    changed: z.number().int(),
    removed: z.number().int(),
    /** How many wait now. */
    held: z.number().int(),
  }),
)
