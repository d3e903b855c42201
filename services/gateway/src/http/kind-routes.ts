import type { Bus } from '@executor/bus'
import { catalog, type Integration, type IntegrationSettings } from '@executor/contracts'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { IntegrationView, toIntegrationView } from './integration-view.ts'
import { orNull } from './or-null.ts'
import { type App, asCaller, type RouteDeps } from './route.ts'
import { sendJson } from './send.ts'
import type { tagIntegrationError } from './tags.ts'

export const BySlug = z.object({ slug: z.string() })
type SlugRequest = FastifyRequest<{ Params: z.infer<typeof BySlug> }>

/** Whose integrations a kind's own routes are about. */
export interface Kind {
  kind: string
  /** "an OpenAPI integration". */
  title: string
  tagError: typeof tagIntegrationError
}

export interface OfKind {
  integration: Integration
  settings: IntegrationSettings
}

/** `GET …/integrations/:slug` and `…/config`, which answer null to what is not of this kind. */
export function registerKindReads(
  app: App,
  { bus }: RouteDeps,
  { kind, title, tagError }: Kind,
  config: { view: z.ZodType; toView(found: OfKind): unknown },
): void {
  const tags = [kind]
  app.get(
    `/api/${kind}/integrations/:slug`,
    {
      config: { access: catalog.getIntegration.access, tagError },
      schema: {
        tags,
        summary: `Get ${title}; null where there is none of that name`,
        params: BySlug,
        response: { 200: IntegrationView.nullable() },
      },
    },
    async (request, reply) => {
      const found = await orNull(
        bus.request(catalog.getIntegration, request.params, asCaller(request, reply)),
      )
      return sendJson(reply, found?.kind === kind ? toIntegrationView(found) : null)
    },
  )

  app.get(
    `/api/${kind}/integrations/:slug/config`,
    {
      config: { access: catalog.getIntegrationSettings.access, tagError },
      schema: {
        tags,
        summary: `Get the settings of ${title}`,
        params: BySlug,
        response: { 200: config.view.nullable() },
      },
    },
    async (request, reply) => {
      const found = await findOfKind(bus, kind, request, reply)
      return sendJson(reply, found && config.toView(found))
    },
  )
}

/** An integration with its settings; null where there is none of that name and kind. */
export async function findOfKind(
  bus: Bus,
  kind: string,
  request: SlugRequest,
  reply: FastifyReply,
): Promise<OfKind | null> {
  const options = asCaller(request, reply)
  const [integration, settings] = await Promise.all([
    orNull(bus.request(catalog.getIntegration, request.params, options)),
    orNull(bus.request(catalog.getIntegrationSettings, request.params, options)),
  ])
  return integration?.kind === kind && settings ? { integration, settings } : null
}

/** Changes the settings to what the body says; its schema is the kind's. */
export function configure(
  bus: Bus,
  request: SlugRequest & { body: unknown },
  reply: FastifyReply,
): Promise<Integration> {
  const input = { ...request.params, input: request.body }
  return bus.request(catalog.configureIntegration, input, asCaller(request, reply))
}
