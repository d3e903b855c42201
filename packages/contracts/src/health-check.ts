import { z } from 'zod'
import { JsonObject } from './json.ts'

/** The call that tells whether a credential works. */
export const HealthCheckSpec = z.object({
  /** An operation name of the integration; never one that changes something. */
  operation: z.string(),
  args: JsonObject.optional(),
  /** A dot path into the answer that names the account. */
  identityField: z.string().optional(),
})
export type HealthCheckSpec = z.infer<typeof HealthCheckSpec>
