import { z } from 'zod'

/** What is known of an authorization server; where it does not describe itself, its endpoints alone. */
export const KnownServer = z.object({
  /** Null where nobody said it. */
  issuer: z.string().nullable(),
  authorizationUrl: z.string(),
  tokenUrl: z.string(),
  registrationUrl: z.string().optional(),
  revocationUrl: z.string().optional(),
  authMethods: z.array(z.string()).optional(),
  scopes: z.array(z.string()).optional(),
  takesClientDocuments: z.boolean().optional(),
  /** It promised to name itself in its answers (RFC 9207). */
  namesItself: z.boolean().optional(),
})
export type KnownServer = z.infer<typeof KnownServer>
