import {
  AddMcpInput,
  ConfigureMcpInput,
  catalog,
  ImportResult,
  type IntegrationSettings,
  McpConfig,
  McpProbe,
  PresetChoice,
  ProbeMcpInput,
} from '@executor/contracts'
import { z } from 'zod'
import {
  IntegrationView,
  PlacementView,
  toIntegrationView,
  toPlacementViews,
} from './integration-view.ts'
import { BySlug, configure, findOfKind, type OfKind } from './kind-routes.ts'
import { type App, asCaller, type RouteDeps } from './route.ts'
import { sendJson } from './send.ts'
import { tagMcpError as tagError } from './tags.ts'

const KIND = 'mcp'
const tags = ['mcp']

export function registerMcpServers(app: App, deps: RouteDeps): void {
  registerAdding(app, deps)
  registerOne(app, deps)
  registerChanges(app, deps)
}

function registerAdding(app: App, { bus }: RouteDeps): void {
  app.post(
    '/api/mcp/probe',
    {
      config: { access: catalog.previewSource.access, tagError },
      schema: {
        tags,
        summary: 'Ask an MCP server over HTTP what it is, without saving anything',
        body: ProbeMcpInput,
        response: { 200: McpProbe },
      },
    },
    async (request, reply) => {
      const input = { kind: KIND, input: request.body }
      const probe = await bus.request(catalog.previewSource, input, asCaller(request, reply))
      return McpProbe.parse(probe)
    },
  )

  app.post(
    '/api/mcp/servers',
    {
      config: { access: catalog.addIntegration.access, tagError },
      schema: {
        tags,
        summary: 'Add an MCP server, over HTTP or started as a process',
        body: z.union([PresetChoice, AddMcpInput]),
        response: { 200: ImportResult },
      },
    },
    (request, reply) =>
      bus.request(
        catalog.addIntegration,
        { kind: KIND, input: request.body },
        asCaller(request, reply),
      ),
  )
}

function registerOne(app: App, { bus }: RouteDeps): void {
  app.get(
    '/api/mcp/servers/:slug',
    {
      config: { access: catalog.getIntegrationSettings.access, tagError },
      schema: {
        tags,
        summary: 'Get an MCP server with its settings; null where there is none of that name',
        params: BySlug,
        response: { 200: ServerView.nullable() },
      },
    },
    async (request, reply) => {
      const found = await findOfKind(bus, KIND, request, reply)
      return sendJson(reply, found && toServerView(found))
    },
  )

  app.delete(
    '/api/mcp/servers/:slug',
    {
      config: { access: catalog.removeIntegration.access, tagError },
      schema: {
        tags,
        summary: 'Remove an MCP server, its connections and their secrets',
        params: BySlug,
        response: { 200: z.object({ removed: z.boolean() }) },
      },
    },
    (request, reply) =>
      bus.request(catalog.removeIntegration, request.params, asCaller(request, reply)),
  )
}

function registerChanges(app: App, { bus }: RouteDeps): void {
  app.post(
    '/api/mcp/servers/:slug/config',
    {
      config: { access: catalog.configureIntegration.access, tagError },
      schema: {
        tags,
        summary: 'Change how an MCP server is reached',
        params: BySlug,
        body: ConfigureMcpInput.pick({ config: true }).required(),
        response: { 200: IntegrationView },
      },
    },
    async (request, reply) => toIntegrationView(await configure(bus, request, reply)),
  )

  app.post(
    '/api/mcp/servers/:slug/auth',
    {
      config: { access: catalog.configureIntegration.access, tagError },
      schema: {
        tags,
        summary: 'Change how an MCP server is authenticated with',
        params: BySlug,
        body: ConfigureMcpInput.pick({ authenticationTemplate: true, mode: true }).required({
          authenticationTemplate: true,
        }),
        response: { 200: AuthTemplates },
      },
    },
    async (request, reply) => {
      const changed = await configure(bus, request, reply)
      return { authenticationTemplate: changed.authMethods.map(toTemplateView) }
    },
  )
}

/** A method in the form in which clients send it. */
const TemplateView = z.object({
  slug: z.string(),
  kind: z.enum(['none', 'apikey', 'oauth2', 'env']),
  label: z.string().optional(),
  placements: z.array(PlacementView),
  oauth: z
    .object({
      authorizationUrl: z.string().optional(),
      tokenUrl: z.string().optional(),
      resource: z.string().optional(),
      scopes: z.array(z.string()),
    })
    .optional(),
})
const AuthTemplates = z.object({ authenticationTemplate: z.array(TemplateView) })
const ServerView = IntegrationView.extend({ config: McpConfig }).extend(AuthTemplates.shape)

function toTemplateView(
  method: IntegrationSettings['authMethods'][number],
): z.infer<typeof TemplateView> {
  const { slug, kind, label, placements, oauth } = method
  return {
    slug,
    kind,
    label,
    placements: placements.flatMap(toPlacementViews),
    ...(oauth && {
      oauth: {
        authorizationUrl: oauth.authorizationUrl,
        tokenUrl: oauth.tokenUrl,
        resource: oauth.resource,
        scopes: oauth.scopes,
      },
    }),
  }
}

function toServerView({
  integration,
  settings: { config, authMethods },
}: OfKind): z.infer<typeof ServerView> {
  return {
    ...toIntegrationView(integration),
    config: McpConfig.parse(config),
    authenticationTemplate: authMethods.map(toTemplateView),
  }
}
