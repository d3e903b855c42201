import { z } from 'zod'
import { Slug } from './address.ts'
import { AuthMethod } from './auth-method.ts'
import { refreshMethods } from './catalog-refresh.ts'
import { IMPORT_TIMEOUT_MS, sourceMethods } from './catalog-sources.ts'
import { toolMethods } from './catalog-tools.ts'
import { defineContract, defineEvent } from './define.ts'
import { HealthCheckSpec } from './health-check.ts'
import { PageInput, Timestamp } from './json.ts'
import { LastRefresh, REFRESH_EVERY_MS_MAX, ReviewMode } from './source-change.ts'

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

export const IntegrationSettings = z.object({
  slug: z.string(),
  kind: z.string(),
  revision: z.string(),
  authMethods: z.array(AuthMethod),
  /** Only the kind's own code reads it. */
  config: z.unknown(),
})
export type IntegrationSettings = z.infer<typeof IntegrationSettings>

const BySlug = z.object({ slug: Slug })

export const catalog = defineContract('catalog', {
  ...sourceMethods,
  /** Changes the kind's own settings (servers, methods), not its tools. */
  configureIntegration: {
    input: z.object({ slug: Slug, input: z.unknown() }),
    output: Integration,
    access: 'manage',
  },
  ...refreshMethods,
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
  ...toolMethods,
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
