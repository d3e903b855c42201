import {
  ChangedAccount,
  catalog,
  ImportResult,
  RefreshPreview,
  SourceChange,
  SourceReview,
} from '@executor/contracts'
import { z } from 'zod'
import { answerList, PageQuery } from './paging.ts'
import { type App, asCaller, type RouteDeps } from './route.ts'
import { tagIntegrationError } from './tags.ts'

const BySlug = z.object({ slug: z.string() })
const tagError = tagIntegrationError
const tags = ['integrations']
/** `?dryRun` and `?dryRun=true` ask for it; `false` and `0` do not. */
const Asked = z
  .string()
  .optional()
  .transform((text) => text !== undefined && !/^(false|0|no)$/i.test(text))

/** Keeping integrations of any kind current, and reviewing what changed. */
export function registerRefresh(app: App, deps: RouteDeps): void {
  registerRefreshing(app, deps)
  registerReview(app, deps)
}

function registerRefreshing(app: App, { bus }: RouteDeps): void {
  app.post(
    '/api/integrations/:slug/refresh',
    {
      config: { access: catalog.refreshIntegration.access, tagError },
      schema: {
        tags,
        summary: 'Read an integration’s source again, or say what that would change',
        description:
          'With `?dryRun` nothing changes. `?force` takes over a source of which most is gone.',
        params: BySlug,
        querystring: z.object({ dryRun: Asked, force: Asked }),
        response: { 200: z.union([RefreshPreview, ImportResult]) },
      },
    },
    async (request, reply) => {
      const { dryRun, force } = request.query
      const asked = { ...request.params, input: {} }
      const options = asCaller(request, reply)
      return dryRun
        ? bus.request(catalog.previewRefresh, asked, options)
        : bus.request(catalog.refreshIntegration, { ...asked, force }, options)
    },
  )

  app.get(
    '/api/integrations/:slug/changes',
    {
      config: { access: catalog.listChanges.access, tagError },
      schema: {
        tags,
        summary: 'List what changed in an integration’s operations, the last first',
        params: BySlug,
        querystring: z.object(PageQuery),
        response: { 200: z.array(SourceChange) },
      },
    },
    (request, reply) => {
      const options = asCaller(request, reply)
      return answerList(request, reply, request.query, (page) =>
        bus.request(catalog.listChanges, { ...request.params, ...page }, options),
      )
    },
  )
}

const Decision = z.object({
  account: ChangedAccount.optional(),
  revision: z.string().max(256),
  operations: z.array(z.string().max(256)).min(1).max(10_000).optional(),
})
const Decided = z.object({
  decided: z.array(z.string()),
  waiting: z.number().int(),
  toolCount: z.number().int(),
})

function registerReview(app: App, { bus }: RouteDeps): void {
  app.get(
    '/api/integrations/:slug/review',
    {
      config: { access: catalog.listHeldOperations.access, tagError },
      schema: {
        tags,
        summary: 'List operations that wait for review, and those that were turned down',
        params: BySlug,
        response: { 200: z.array(SourceReview) },
      },
    },
    (request, reply) =>
      bus.request(catalog.listHeldOperations, request.params, asCaller(request, reply)),
  )

  for (const decision of ['approve', 'reject'] as const) {
    app.post(
      `/api/integrations/:slug/review/${decision}`,
      {
        config: { access: catalog.reviewOperations.access, tagError },
        schema: {
          tags,
          summary: decision === 'approve' ? 'Let held operations in' : 'Turn held operations down',
          description: 'All that wait, where none is named. `revision` is that of what was shown.',
          params: BySlug,
          body: Decision,
          response: { 200: Decided },
        },
      },
      (request, reply) =>
        bus.request(
          catalog.reviewOperations,
          { ...request.params, ...request.body, decision },
          asCaller(request, reply),
        ),
    )
  }
}
