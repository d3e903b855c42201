import {
  type AuthMethod,
  JsonPatchOperation,
  OpenapiConfig,
  OpenapiPreview,
  OpenapiServer,
} from '@executor/contracts'
import { z } from 'zod'
import { labelOf, PlacementView, toPlacementViews } from './integration-view.ts'
import type { OfKind } from './kind-routes.ts'

/** A method as it is stored, in the form in which clients send it back. */
const AuthTemplateView = z.union([
  z.object({
    slug: z.string(),
    kind: z.literal('oauth2'),
    label: z.string().optional(),
    authorizationUrl: z.string(),
    tokenUrl: z.string(),
    resource: z.string().optional(),
    scopes: z.array(z.string()),
  }),
  z.object({
    slug: z.string(),
    kind: z.literal('apikey'),
    label: z.string().optional(),
    placements: z.array(PlacementView),
  }),
])
export const AuthTemplates = z.object({ authenticationTemplate: z.array(AuthTemplateView) })

export function toAuthTemplates(methods: readonly AuthMethod[]): z.infer<typeof AuthTemplates> {
  const authenticationTemplate = methods.flatMap((method): z.infer<typeof AuthTemplateView>[] => {
    const { slug, kind, label, oauth, placements } = method
    if (kind === 'none') return []
    if (kind !== 'oauth2')
      return [{ slug, kind: 'apikey', label, placements: placements.flatMap(toPlacementViews) }]
    const { authorizationUrl = '', tokenUrl = '', resource, scopes = [] } = oauth ?? {}
    return [{ slug, kind, label, authorizationUrl, tokenUrl, resource, scopes }]
  })
  return { authenticationTemplate }
}

export const OpenapiConfigView = AuthTemplates.extend({
  specUrl: z.string().optional(),
  specFormat: OpenapiConfig.shape.specFormat,
  paths: OpenapiConfig.shape.paths,
  oauthScopes: OpenapiConfig.shape.oauthScopes,
  baseUrl: z.string().optional(),
  headers: z.record(z.string(), z.string()),
  queryParams: z.record(z.string(), z.string()),
  specOverrides: z.array(JsonPatchOperation).optional(),
  servers: z.array(OpenapiServer),
  title: z.string().optional(),
  version: z.string().optional(),
})

/** `null` where the integration is of another kind. */
export function toOpenapiConfigView({ settings }: OfKind): z.infer<typeof OpenapiConfigView> {
  const { methodsChosen: _, ...config } = OpenapiConfig.parse(settings.config)
  return { ...config, ...toAuthTemplates(settings.authMethods) }
}

const HeaderPreset = z.object({
  label: z.string(),
  headers: z.record(z.string(), z.string().nullable()),
  secretHeaders: z.array(z.string()),
  secretQueryParams: z.array(z.string()),
})
const OauthPreset = z.object({
  label: z.string(),
  securitySchemeName: z.string(),
  flow: z.enum(['authorizationCode', 'clientCredentials']),
  authorizationUrl: z.string().optional(),
  tokenUrl: z.string(),
  resource: z.string().optional(),
  scopes: z.record(z.string(), z.string()),
  identityScopes: z.literal('auto'),
})

/** What a document would add: ours, and the lists that clients' forms are filled from. */
export const OpenapiPreviewView = OpenapiPreview.extend({
  tags: z.array(z.string()),
  headerPresets: z.array(HeaderPreset),
  oauth2Presets: z.array(OauthPreset),
  securitySchemes: z.array(z.unknown()),
  authStrategies: z.array(z.unknown()),
  healthCheckCandidates: z.array(z.unknown()),
})

export function toOpenapiPreviewView(preview: OpenapiPreview): z.infer<typeof OpenapiPreviewView> {
  return {
    ...preview,
    tags: Object.keys(preview.tagCounts),
    headerPresets: preview.authMethods.flatMap(toHeaderPreset),
    oauth2Presets: preview.authMethods.flatMap(toOauthPreset),
    // Everything a form needs of these is in `authMethods`, where each method stands for one way.
    securitySchemes: [],
    authStrategies: [],
    healthCheckCandidates: [],
  }
}

function toHeaderPreset(method: AuthMethod): z.infer<typeof HeaderPreset>[] {
  if (method.kind !== 'apikey') return []
  const placements = method.placements.flatMap(toPlacementViews)
  const inHeaders = placements.filter(({ carrier }) => carrier === 'header')
  const isSecret = ({ literal }: PlacementView) => literal === undefined
  const namesOf = (carrier: PlacementView['carrier']) =>
    placements.filter((one) => one.carrier === carrier && isSecret(one)).map(({ name }) => name)
  return [
    {
      label: labelOf(method),
      headers: Object.fromEntries(inHeaders.map(({ name, literal }) => [name, literal ?? null])),
      secretHeaders: [...new Set(namesOf('header'))],
      secretQueryParams: [...new Set(namesOf('query'))],
    },
  ]
}

function toOauthPreset(method: AuthMethod): z.infer<typeof OauthPreset>[] {
  const { slug, oauth } = method
  if (!oauth?.tokenUrl) return []
  const { authorizationUrl, tokenUrl, resource, scopeDescriptions } = oauth
  return [
    {
      label: labelOf(method),
      securitySchemeName: slug,
      flow: oauth.grant === 'client_credentials' ? 'clientCredentials' : 'authorizationCode',
      authorizationUrl,
      tokenUrl,
      resource,
      scopes: Object.fromEntries(
        oauth.scopes.map((scope) => [scope, scopeDescriptions?.[scope] ?? '']),
      ),
      identityScopes: 'auto',
    },
  ]
}
