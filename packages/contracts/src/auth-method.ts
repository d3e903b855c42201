import { z } from 'zod'

/** Where one value of a credential goes on the wire. */
export const Placement = z.object({
  carrier: z.enum(['header', 'query', 'cookie', 'env']),
  name: z.string().min(1).max(256),
  prefix: z.string().max(256).optional(),
  /** Which input fills it; `token` when neither `variable` nor `literal` is given. */
  variable: z.string().max(128).optional(),
  literal: z.string().max(8192).optional(),
  /**
   * Joins two inputs as RFC 7617 does: base64(username ":" password); with `digest` they answer the
   * server's challenge instead (RFC 7616).
   */
  basic: z
    .object({ username: z.string(), password: z.string(), digest: z.boolean().optional() })
    .optional(),
})
export type Placement = z.infer<typeof Placement>

export const OauthMethod = z.object({
  authorizationUrl: z.string().optional(),
  tokenUrl: z.string().optional(),
  /** Where the server describes itself, when that is all its description gives (OpenID Connect). */
  discoveryUrl: z.string().optional(),
  /** What is asked, before every sign-in, where its tokens come from: a protected resource. */
  probeUrl: z.string().optional(),
  /** Where it said that its metadata is (RFC 9728). */
  resourceMetadataUrl: z.string().optional(),
  grant: z.enum(['authorization_code', 'client_credentials']).optional(),
  resource: z.string().optional(),
  scopes: z.array(z.string()).default([]),
  /** Human words for scopes, where the description gives them. */
  scopeDescriptions: z.record(z.string(), z.string()).optional(),
})

/** One way to authenticate with an integration; a connection names one by its slug (`template`). */
export const AuthMethod = z.object({
  slug: z.string().min(1).max(128),
  label: z.string().max(256).optional(),
  kind: z.enum(['none', 'apikey', 'oauth2', 'env']),
  placements: z.array(Placement).max(32).default([]),
  oauth: OauthMethod.optional(),
  /** `detected` methods come from the description, `custom` ones from a person. */
  origin: z.enum(['detected', 'custom']).default('detected'),
  description: z.string().max(4096).optional(),
})
export type AuthMethod = z.infer<typeof AuthMethod>

/** The method every integration can be connected with, where its API asks for no credential. */
export const NO_AUTH_TEMPLATE = 'none'
/** The name of the input of a method that has only one. */
export const SINGLE_VARIABLE = 'token'

/** The inputs a person is asked for, in order, without repeats. */
export function methodVariables(method: AuthMethod): string[] {
  if (method.kind === 'oauth2') return [SINGLE_VARIABLE]
  const names = method.placements.flatMap((placement) => {
    if (placement.basic) return [placement.basic.username, placement.basic.password]
    if (placement.literal !== undefined) return []
    return [placement.variable ?? SINGLE_VARIABLE]
  })
  return [...new Set(names)]
}
