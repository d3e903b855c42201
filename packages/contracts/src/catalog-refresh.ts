import { z } from 'zod'
import { Owner, Slug } from './address.ts'
import { IMPORT_TIMEOUT_MS, ImportResult } from './catalog-sources.ts'
import { defineEvent } from './define.ts'
import { PageInput } from './json.ts'
import { ChangedAccount, RefreshPreview, SourceChange, SourceReview } from './source-change.ts'

/** The methods of `catalog` that are about reading sources again, and reviewing what comes of it. */
export const refreshMethods = {
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
    input: z.object({ slug: Slug }),
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
} as const

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
