import {
  catalog,
  Detection,
  DOCUMENT_BYTES_MAX,
  HealthCheckSpec,
  Preset,
  REFRESH_EVERY_MS_MAX,
  ReviewMode,
} from '@executor/contracts'
import { z } from 'zod'
import { createDetectionView } from './detection-view.ts'
import { IntegrationView, toIntegrationView } from './integration-view.ts'
import { answerList, PageQuery } from './paging.ts'
import { type App, asCaller, type RouteDeps } from './route.ts'
import { sendJson } from './send.ts'
import { tagDetectError, tagIntegrationError } from './tags.ts'

const BySlug = z.object({ slug: z.string() })
/** `url` is what clients have always sent; `input` may be anything else. */
const DetectBody = z
  .object({
    url: z.string().min(1).max(2048).optional(),
    input: z.string().min(1).max(DOCUMENT_BYTES_MAX).optional(),
  })
  .refine(({ url, input }) => url !== undefined || input !== undefined, 'give a url, or an input')
/** The largest document, whose escapes make it longer inside JSON. */
const DETECT_BODY_BYTES_MAX = 60 * 1024 * 1024
const tagError = tagIntegrationError
const tags = ['integrations']

export function registerIntegrations(app: App, deps: RouteDeps): void {
  registerList(app, deps)
  registerOne(app, deps)
  registerHealthCheck(app, deps)
}

function registerList(app: App, { bus }: RouteDeps): void {
  const toDetectionView = createDetectionView(bus)
  app.get(
    '/api/integrations',
    {
      config: { access: catalog.listIntegrations.access },
      schema: {
        tags,
        summary: 'List integrations',
        querystring: z.object(PageQuery),
        response: { 200: z.array(IntegrationView) },
      },
    },
    async (request, reply) => {
      const options = asCaller(request, reply)
      const list = await answerList(request, reply, request.query, (page) =>
        bus.request(catalog.listIntegrations, page, options),
      )
      return list.map(toIntegrationView)
    },
  )

  app.get(
    '/api/integrations/presets',
    {
      config: { access: catalog.listPresets.access },
      schema: {
        tags,
        summary: 'List well-known integrations, which are added by their id',
        querystring: z.object({
          query: z.string().max(200).optional(),
          kind: z.string().max(64).optional(),
          family: z.string().max(64).optional(),
          ...PageQuery,
        }),
        response: { 200: z.array(Preset) },
      },
    },
    (request, reply) => {
      const { query, kind, family, ...page } = request.query
      const options = asCaller(request, reply)
      return answerList(request, reply, page, (part) =>
        bus.request(catalog.listPresets, { query, kind, family, ...part }, options),
      )
    },
  )

  app.post(
    '/api/integrations/detect',
    {
      bodyLimit: DETECT_BODY_BYTES_MAX,
      config: { access: catalog.detectSource.access, tagError: tagDetectError },
      schema: {
        tags,
        summary:
          'Say what a URL, a document, a command, settings of MCP servers or a name could be added as',
        body: DetectBody,
        response: { 200: z.array(Detection) },
      },
    },
    async (request, reply) => {
      const { url, input = url ?? '' } = request.body
      const options = asCaller(request, reply)
      const found = await bus.request(catalog.detectSource, { input }, options)
      return found.map(toDetectionView)
    },
  )
}

function registerOne(app: App, { bus }: RouteDeps): void {
  app.get(
    '/api/integrations/:slug',
    {
      config: { access: catalog.getIntegration.access, tagError },
      schema: {
        tags,
        summary: 'Get an integration',
        params: BySlug,
        response: { 200: IntegrationView },
      },
    },
    async (request, reply) =>
      toIntegrationView(
        await bus.request(catalog.getIntegration, request.params, asCaller(request, reply)),
      ),
  )

  app.patch(
    '/api/integrations/:slug',
    {
      config: { access: catalog.updateIntegration.access, tagError },
      schema: {
        tags,
        summary: 'Rename or describe an integration, or say how it is kept current',
        params: BySlug,
        body: z.object({
          name: z.string().min(1).max(256).optional(),
          description: z.string().max(8192).optional(),
          review: ReviewMode.optional(),
          refreshEveryMs: z.number().int().min(1).max(REFRESH_EVERY_MS_MAX).nullable().optional(),
        }),
        response: { 200: IntegrationView },
      },
    },
    async (request, reply) =>
      toIntegrationView(
        await bus.request(
          catalog.updateIntegration,
          { ...request.body, ...request.params },
          asCaller(request, reply),
        ),
      ),
  )

  app.delete(
    '/api/integrations/:slug',
    {
      config: { access: catalog.removeIntegration.access, tagError },
      schema: {
        tags,
        summary: 'Remove an integration, its connections and their secrets',
        params: BySlug,
        response: { 200: z.object({ removed: z.boolean() }) },
      },
    },
    (request, reply) =>
      bus.request(catalog.removeIntegration, request.params, asCaller(request, reply)),
  )
}

const CandidateView = z.object({
  operation: z.string(),
  method: z.string(),
  requiredArgCount: z.number().int(),
  destructive: z.boolean(),
  summary: z.string().optional(),
  requiredArgs: z.array(z.string()),
})

function registerHealthCheck(app: App, { bus }: RouteDeps): void {
  app.get(
    '/api/integrations/:slug/health-check',
    {
      config: { access: catalog.getHealthCheck.access, tagError },
      schema: {
        tags,
        summary: 'Get the operation that tells whether a credential works',
        params: BySlug,
        response: { 200: HealthCheckSpec.nullable() },
      },
    },
    async (request, reply) => {
      const spec = await bus.request(
        catalog.getHealthCheck,
        request.params,
        asCaller(request, reply),
      )
      return sendJson(reply, spec)
    },
  )

  app.get(
    '/api/integrations/:slug/health-check/candidates',
    {
      config: { access: catalog.listHealthCheckCandidates.access, tagError },
      schema: {
        tags,
        summary: 'List operations that could tell whether a credential works',
        params: BySlug,
        response: { 200: z.array(CandidateView) },
      },
    },
    async (request, reply) => {
      const candidates = await bus.request(
        catalog.listHealthCheckCandidates,
        request.params,
        asCaller(request, reply),
      )
      // Only operations that change nothing are candidates.
      return candidates.map(({ operation, description, requiredArgs }) => ({
        operation,
        method: 'get',
        requiredArgCount: requiredArgs.length,
        destructive: false,
        summary: description,
        requiredArgs,
      }))
    },
  )

  app.put(
    '/api/integrations/:slug/health-check',
    {
      config: { access: catalog.setHealthCheck.access, tagError },
      schema: {
        tags,
        summary: 'Choose the operation that tells whether a credential works',
        params: BySlug,
        body: z.object({ spec: HealthCheckSpec.nullable() }),
        response: { 200: z.object({ ok: z.boolean() }) },
      },
    },
    (request, reply) =>
      bus.request(
        catalog.setHealthCheck,
        { ...request.params, ...request.body },
        asCaller(request, reply),
      ),
  )
}
