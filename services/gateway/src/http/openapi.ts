import {
  AddOpenapiInput,
  ConfigureOpenapiInput,
  catalog,
  HealthCheckSpec,
  ImportResult,
  OpenapiPreview,
  PresetChoice,
  PreviewOpenapiInput,
  RefreshOpenapiInput,
} from '@executor/contracts'
import { z } from 'zod'
import { BySlug, configure, registerKindReads } from './kind-routes.ts'
import {
  AuthTemplates,
  OpenapiConfigView,
  OpenapiPreviewView,
  toAuthTemplates,
  toOpenapiConfigView,
  toOpenapiPreviewView,
} from './openapi-view.ts'
import { asPasting, registerPastedDocuments } from './pasted-document.ts'
import { type App, asCaller, type RouteDeps } from './route.ts'
import { tagOpenapiError } from './tags.ts'

const KIND = 'openapi'
/** The largest document, whose escapes make it longer inside JSON. */
const SPEC_BODY_BYTES_MAX = 60 * 1024 * 1024
const tagError = tagOpenapiError
const tags = ['openapi']
const DOCUMENT_AT = ['spec', 'spec.value']

export function registerOpenapi(app: App, deps: RouteDeps): void {
  registerPastedDocuments(app, (scope) => registerDocuments(scope, deps))
  registerKindReads(
    app,
    deps,
    { kind: KIND, title: 'an OpenAPI integration', tagError },
    { view: OpenapiConfigView, toView: toOpenapiConfigView },
  )
  registerChanges(app, deps)
}

function registerDocuments(app: App, { bus }: RouteDeps): void {
  app.post(
    '/api/openapi/preview',
    {
      bodyLimit: SPEC_BODY_BYTES_MAX,
      config: { access: catalog.previewSource.access, tagError, documentAt: DOCUMENT_AT },
      schema: {
        tags,
        summary: 'Read an OpenAPI document and say what it would add; saves nothing',
        body: z.union([PresetChoice, PreviewOpenapiInput]),
        response: { 200: OpenapiPreviewView },
      },
    },
    async (request, reply) => {
      const input = { kind: KIND, input: request.body }
      const preview = await bus.request(catalog.previewSource, input, asPasting(request, reply))
      return toOpenapiPreviewView(OpenapiPreview.parse(preview))
    },
  )

  app.post(
    '/api/openapi/specs',
    {
      bodyLimit: SPEC_BODY_BYTES_MAX,
      config: { access: catalog.addIntegration.access, tagError, documentAt: DOCUMENT_AT },
      schema: {
        tags,
        summary: 'Add an OpenAPI document as an integration',
        body: z.union([
          PresetChoice,
          AddOpenapiInput.extend({ healthCheck: HealthCheckSpec.optional() }),
        ]),
        response: { 200: ImportResult },
      },
    },
    async (request, reply) => {
      const { healthCheck: spec, ...input } = request.body
      const wanted = { kind: KIND, input }
      const added = await bus.request(catalog.addIntegration, wanted, asPasting(request, reply))
      if (spec) {
        const check = { slug: added.slug, spec }
        await bus.request(catalog.setHealthCheck, check, asCaller(request, reply))
      }
      return added
    },
  )

  app.post(
    '/api/openapi/integrations/:slug/spec',
    {
      bodyLimit: SPEC_BODY_BYTES_MAX,
      config: { access: catalog.refreshIntegration.access, tagError, documentAt: DOCUMENT_AT },
      schema: {
        tags,
        summary: 'Read the document again, or another one, and say what changed',
        params: BySlug,
        body: RefreshOpenapiInput.optional(),
        response: { 200: ImportResult },
      },
    },
    (request, reply) =>
      bus.request(
        catalog.refreshIntegration,
        // The answer says what is gone; clients of this route expect it to be done.
        { ...request.params, input: request.body ?? {}, force: true },
        asPasting(request, reply),
      ),
  )
}

function registerChanges(app: App, { bus }: RouteDeps): void {
  app.post(
    '/api/openapi/integrations/:slug/config',
    {
      config: { access: catalog.configureIntegration.access, tagError },
      schema: {
        tags,
        summary: 'Change authentication methods and the base URL',
        params: BySlug,
        body: ConfigureOpenapiInput,
        response: { 200: AuthTemplates },
      },
    },
    async (request, reply) => toAuthTemplates((await configure(bus, request, reply)).authMethods),
  )

  app.delete(
    '/api/openapi/integrations/:slug',
    {
      config: { access: catalog.removeIntegration.access, tagError },
      schema: { tags, summary: 'Remove an OpenAPI integration', params: BySlug },
    },
    async (request, reply) => {
      await bus.request(catalog.removeIntegration, request.params, asCaller(request, reply))
      return reply.code(204).send()
    },
  )
}
