import { z } from 'zod'
import { Owner, Slug } from './address.ts'
import { AuthMethod } from './auth-method.ts'
import { HealthCheckResult } from './connections.ts'
import { defineEvent } from './define.ts'
import { HealthCheckSpec } from './health-check.ts'

/** A server that is started for it may have to be downloaded first. */
const DISCOVERY_TIMEOUT_MS = 90_000

/** The methods of `executor` that ask upstreams something on behalf of other services. */
export const upstreamMethods = {
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
} as const

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
