import {
  type AuthMethod,
  type Integration,
  LastRefresh,
  OauthGrant,
  type Placement,
  ReviewMode,
} from '@executor/contracts'
import { z } from 'zod'

export const PlacementView = z.object({
  carrier: z.enum(['header', 'query', 'env']),
  name: z.string(),
  prefix: z.string(),
  variable: z.string().optional(),
  literal: z.string().optional(),
  /** One of the two inputs of HTTP's basic scheme. */
  basic: z.object({ username: z.string(), password: z.string() }).optional(),
})
export type PlacementView = z.infer<typeof PlacementView>

const AuthMethodView = z.object({
  id: z.string(),
  label: z.string(),
  kind: z.enum(['oauth', 'apikey', 'none']),
  /** What a connection names as its `template`. */
  template: z.string(),
  placements: z.array(PlacementView).optional(),
  oauth: z
    .object({
      authorizationUrl: z.string().optional(),
      tokenUrl: z.string().optional(),
      resource: z.string().optional(),
      scopes: z.array(z.string()),
      grant: OauthGrant.optional(),
    })
    .optional(),
  slug: z.string(),
  origin: z.enum(['detected', 'custom']),
  description: z.string().optional(),
})

/** An integration as clients know it: their words for authentication methods, and ours beside. */
export const IntegrationView = z.object({
  slug: z.string(),
  name: z.string(),
  description: z.string(),
  kind: z.string(),
  canRemove: z.boolean(),
  canRefresh: z.boolean(),
  authMethods: z.array(AuthMethodView),
  displayUrl: z.string().optional(),
  toolCount: z.number().int(),
  createdAt: z.number().int(),
  updatedAt: z.number().int(),
  revision: z.string(),
  review: ReviewMode,
  refreshEveryMs: z.number().int().nullable(),
  heldCount: z.number().int(),
  lastRefresh: LastRefresh.optional(),
})

export function toIntegrationView(integration: Integration): z.infer<typeof IntegrationView> {
  return { ...integration, authMethods: integration.authMethods.map(toAuthMethodView) }
}

function toAuthMethodView(method: AuthMethod): z.infer<typeof AuthMethodView> {
  const { slug, kind, oauth, origin, description } = method
  return {
    id: slug,
    label: labelOf(method),
    kind: kind === 'oauth2' ? 'oauth' : kind === 'none' ? 'none' : 'apikey',
    template: slug,
    placements: method.placements.flatMap(toPlacementViews),
    ...(oauth && {
      oauth: {
        authorizationUrl: oauth.authorizationUrl,
        tokenUrl: oauth.tokenUrl,
        resource: oauth.resource,
        scopes: oauth.scopes,
        grant: oauth.grant,
      },
    }),
    slug,
    origin,
    description,
  }
}

/**
 * Clients derive the inputs they ask for from the placements' variables and know three carriers: a
 * cookie is written as the header it is, and a user with a password as two inputs of one header.
 */
export function toPlacementViews(placement: Placement): PlacementView[] {
  const { name, prefix = '', variable, literal } = placement
  if (placement.basic) {
    const { username, password, digest } = placement.basic
    return [username, password].map((input) => ({
      carrier: 'header',
      name,
      prefix: digest ? 'Digest ' : 'Basic ',
      variable: input,
      basic: { username, password },
    }))
  }
  const value = { variable, literal }
  return placement.carrier === 'cookie'
    ? [{ carrier: 'header', name: 'Cookie', prefix: `${name}=${prefix}`, ...value }]
    : [{ carrier: placement.carrier, name, prefix, ...value }]
}

export function labelOf({ label, kind, placements }: AuthMethod): string {
  if (label) return label
  if (kind === 'none') return 'No authentication'
  if (kind === 'oauth2') return 'OAuth'
  return placements[0]?.name ?? 'API key'
}
