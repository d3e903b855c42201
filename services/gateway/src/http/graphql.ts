import {
  AddGraphqlInput,
  ConfigureGraphqlInput,
  catalog,
  GraphqlConfig,
  ImportResult,
  type IntegrationSettings,
  PresetChoice,
  RefreshGraphqlInput,
  type ServiceError,
} from '@executor/contracts'
import { z } from 'zod'
import type { ErrorTag } from '../errors.ts'
import { PlacementView, toPlacementViews } from './integration-view.ts'
import { BySlug, configure, type OfKind, registerKindReads } from './kind-routes.ts'
import { asPasting, registerPastedDocuments } from './pasted-document.ts'
import { type App, asCaller, type Given, type RouteDeps } from './route.ts'
import { tagIntegrationError } from './tags.ts'

const KIND = 'graphql'
/** The largest schema, whose escapes make it longer inside JSON. */
const SCHEMA_BODY_BYTES_MAX = 60 * 1024 * 1024
const tags = ['graphql']
const DOCUMENT_AT = ['introspectionJson']
const KIND_ROUTES = { kind: KIND, title: 'a GraphQL integration', tagError }

export function registerGraphql(app: App, deps: RouteDeps): void {
  registerPastedDocuments(app, (scope) => registerSchemas(scope, deps))
  registerKindReads(app, deps, KIND_ROUTES, { view: GraphqlConfigView, toView: toConfigView })
  registerConfig(app, deps)
}

function registerSchemas(app: App, { bus }: RouteDeps): void {
  app.post(
    '/api/graphql/integrations',
    {
      bodyLimit: SCHEMA_BODY_BYTES_MAX,
      config: { access: catalog.addIntegration.access, tagError, documentAt: DOCUMENT_AT },
      schema: {
        tags,
        summary: 'Add a GraphQL endpoint as an integration',
        body: z.union([PresetChoice, AddGraphqlInput]),
        response: { 200: ImportResult.extend({ name: z.string() }) },
      },
    },
    async (request, reply) => {
      const input = { kind: KIND, input: request.body }
      const added = await bus.request(catalog.addIntegration, input, asPasting(request, reply))
      const { slug } = added
      const { name } = await bus.request(catalog.getIntegration, { slug }, asCaller(request, reply))
      return { ...added, name }
    },
  )

  app.post(
    '/api/graphql/integrations/:slug/refresh',
    {
      bodyLimit: SCHEMA_BODY_BYTES_MAX,
      config: { access: catalog.refreshIntegration.access, tagError, documentAt: DOCUMENT_AT },
      schema: {
        tags,
        summary: 'Ask the endpoint for its schema again, or take another one, and say what changed',
        params: BySlug,
        body: RefreshGraphqlInput.optional(),
        response: { 200: ImportResult },
      },
    },
    (request, reply) =>
      bus.request(
        catalog.refreshIntegration,
        { ...request.params, input: request.body ?? {} },
        asPasting(request, reply),
      ),
  )
}

function registerConfig(app: App, { bus }: RouteDeps): void {
  app.post(
    '/api/graphql/integrations/:slug/config',
    {
      config: { access: catalog.configureIntegration.access, tagError },
      schema: {
        tags,
        summary: 'Change authentication methods, the endpoint, and what is sent with every call',
        params: BySlug,
        body: ConfigureGraphqlInput,
        response: { 200: AuthTemplates },
      },
    },
    async (request, reply) => toAuthTemplates((await configure(bus, request, reply)).authMethods),
  )
}

/** A method in the form in which clients send it: an OAuth one says where its token goes. */
const AuthTemplateView = z.union([
  z.object({ slug: z.string(), kind: z.literal('none') }),
  z.object({
    slug: z.string(),
    kind: z.literal('oauth2'),
    label: z.string().optional(),
    header: z.string(),
    prefix: z.string(),
    authorizationUrl: z.string().optional(),
    tokenUrl: z.string().optional(),
    scopes: z.array(z.string()).optional(),
  }),
  z.object({
    slug: z.string(),
    kind: z.literal('apikey'),
    label: z.string().optional(),
    placements: z.array(PlacementView),
  }),
])
const AuthTemplates = z.object({ authenticationTemplate: z.array(AuthTemplateView) })
const GraphqlConfigView = GraphqlConfig.omit({ schema: true })
  .extend({ name: z.string(), schemaSource: GraphqlConfig.shape.schema })
  .extend(AuthTemplates.shape)

function toAuthTemplates(
  methods: IntegrationSettings['authMethods'],
): z.infer<typeof AuthTemplates> {
  const authenticationTemplate = methods.map((method): z.infer<typeof AuthTemplateView> => {
    const { slug, kind, label, placements, oauth } = method
    if (kind === 'none') return { slug, kind }
    if (kind !== 'oauth2')
      return { slug, kind: 'apikey', label, placements: placements.flatMap(toPlacementViews) }
    const { name = 'Authorization', prefix = 'Bearer ' } = placements[0] ?? {}
    const { authorizationUrl, tokenUrl, scopes } = oauth ?? {}
    return { slug, kind, label, header: name, prefix, authorizationUrl, tokenUrl, scopes }
  })
  return { authenticationTemplate }
}

function toConfigView({
  settings,
  integration: { name },
}: OfKind): z.infer<typeof GraphqlConfigView> {
  const { schema, ...config } = GraphqlConfig.parse(settings.config)
  return { ...config, name, schemaSource: schema, ...toAuthTemplates(settings.authMethods) }
}

/** Schemas that cannot be had or read, and schemas that hold more than can be taken in. */
function tagError(error: ServiceError, given: Given): ErrorTag | undefined {
  if (!error.reason.startsWith('graphql_')) return tagIntegrationError(error, given)
  const isExtraction = error.reason === 'graphql_extraction_failed'
  return { tag: isExtraction ? 'GraphqlExtractionError' : 'GraphqlIntrospectionError' }
}
