import {
  AddOpenapiInput,
  ConfigureOpenapiInput,
  type Detection,
  OpenapiConfig,
  type OpenapiPreview,
  PreviewOpenapiInput,
  RefreshOpenapiInput,
  ServiceError,
  Slug,
} from '@executor/contracts'
import { repeat, toTokens } from '../sighting.ts'
import {
  type AddedSource,
  type ConfiguredSource,
  type FetchDocument,
  type ImportedSource,
  type Inspection,
  type RefreshContext,
  type SourceContext,
  type SourceKind,
  toSlug,
} from '../source.ts'
import {
  mergeAuthMethods,
  refreshAuthMethods,
  toAuthMethods,
  withScopes,
} from './auth-templates.ts'
import { createDescriptionReader } from './description-reader.ts'
import { createDocumentSource, type OpenedDocument, type SpecInput } from './document-source.ts'
import { findDescription } from './find-description.ts'
import {
  type Found,
  firstParagraph,
  hostOf,
  toConfig,
  toDisplay,
  toImported,
  toPreview,
} from './found-description.ts'
import { parseBaseUrl, parseInput } from './input.ts'
import type { DescriptionRequest } from './reader/read-description.ts'
import { readerWorkerUrl } from './worker-url.ts'

/** How a document is to be read. */
type Reading = Omit<DescriptionRequest, 'source' | 'url'>
const AS_IT_IS: Reading = { overrides: [], knownMethods: [] }

export interface OpenapiKindOptions {
  fetchDocument: FetchDocument
  /** The worker's code, where a build put it elsewhere. */
  workerUrl?: URL
}

/** Reads OpenAPI 3 and Swagger 2.0 descriptions into the catalog. */
export function createOpenapiKind(options: OpenapiKindOptions): SourceKind {
  const reader = createDescriptionReader({ workerUrl: options.workerUrl ?? readerWorkerUrl() })
  const documents = createDocumentSource(options.fetchDocument)

  async function read(
    spec: SpecInput,
    rest: Reading,
    context: SourceContext,
    purpose: { keeps: boolean } = { keeps: false },
  ): Promise<Found> {
    reader.warm()
    return readOpened(await documents.open(spec, context), rest, context, purpose)
  }

  /** A pasted document, from what is kept of it. */
  async function reread(
    { documentUrl: url = null }: { documentUrl?: string | null | undefined },
    rest: Reading,
    context: RefreshContext,
  ): Promise<Found> {
    const kept = await context.readPastedText?.()
    if (!kept) throw notKept()
    reader.warm()
    return readOpened(documents.reopen(kept, url, context), rest, context)
  }

  async function readOpened(
    document: OpenedDocument,
    rest: Reading,
    { signal }: Pick<SourceContext, 'signal'>,
    purpose: { keeps: boolean } = { keeps: false },
  ): Promise<Found> {
    const { source, writing, isPasted, url, fetchReference } = document
    const keeps = purpose.keeps && isPasted
    const description = await reader.read(
      { source, url, ...rest },
      { signal, fetchReference, writing, keeps },
    )
    const pastedText = keeps ? description.readText : writing === 'compressed' ? 'kept' : undefined
    return { ...description, url, isPasted, ...(pastedText ? { pastedText } : {}) }
  }

  async function inspect(found: Found): Promise<Inspection> {
    try {
      const { authMethods, operationCount: operations, warnings } = found.summary
      const tokens = { direct: toTokens(await found.measure()) }
      return { authMethods, warnings, estimate: { operations, tokens } }
    } finally {
      found.close()
    }
  }

  async function toDetection(
    found: Found,
    at: Pick<Detection, 'confidence' | 'endpoint' | 'input' | 'missing'>,
  ): Promise<Detection> {
    const { title, description = '' } = found.summary
    const name = title ?? hostOf(at.endpoint)
    const paragraph = firstParagraph(description)
    return {
      kind: 'openapi',
      name,
      slug: toSlug(name),
      ...(paragraph === '' ? {} : { description: paragraph }),
      ...at,
      ...(await inspect(found)),
    }
  }

  return {
    kind: 'openapi',

    async add(input, context): Promise<AddedSource> {
      const { spec, ...given } = parseInput(AddOpenapiInput, input)
      const slug = given.slug === undefined ? undefined : parseInput(Slug, given.slug)
      const baseUrl = given.baseUrl === undefined ? undefined : parseBaseUrl(given.baseUrl)
      const custom = given.authenticationTemplate && toAuthMethods(given.authenticationTemplate)
      const overrides = given.specOverrides ?? []
      const { specFormat: format, paths, oauthScopes } = given
      const rest = { overrides, format, paths, knownMethods: [] }
      const found = await read(spec, rest, context, { keeps: true })
      const config: OpenapiConfig = {
        ...toConfig(found),
        ...(paths ? { paths } : {}),
        ...(oauthScopes ? { oauthScopes } : {}),
        ...(baseUrl === undefined ? {} : { baseUrl }),
        headers: given.headers ?? {},
        queryParams: given.queryParams ?? {},
        ...(overrides.length > 0 ? { specOverrides: overrides } : {}),
        ...(custom ? { methodsChosen: true } : {}),
      }
      const imported = toImported(found, config)
      return {
        ...imported,
        authMethods: custom ?? withScopes(found.summary.authMethods, oauthScopes),
        description: given.description ?? imported.description,
        name: given.name ?? imported.title,
        ...(slug === undefined ? {} : { slug }),
      }
    },

    async refresh(stored, input, context): Promise<ImportedSource> {
      const given = parseInput(RefreshOpenapiInput, input)
      const before = parseInput(OpenapiConfig, stored.config)
      const overrides = given.specOverrides ?? before.specOverrides ?? []
      const spec = given.spec ? atHome(given.spec, before) : storedSpec(before)
      const format = given.specFormat ?? unsaidFormat(before)
      const paths = given.paths ?? before.paths
      const oauthScopes = given.oauthScopes ?? before.oauthScopes
      const rest = { overrides, format, paths, knownMethods: stored.authMethods }
      const found = spec
        ? await read(spec, rest, context, { keeps: true })
        : await reread(before, rest, context)
      const { specUrl: _, documentUrl: __, specOverrides: ___, title: ____, ...kept } = before
      const config: OpenapiConfig = {
        ...kept,
        ...toConfig(found),
        ...(paths ? { paths } : {}),
        ...(oauthScopes ? { oauthScopes } : {}),
        ...(overrides.length > 0 ? { specOverrides: overrides } : {}),
      }
      const authMethods = before.methodsChosen
        ? stored.authMethods
        : refreshAuthMethods(stored.authMethods, withScopes(found.summary.authMethods, oauthScopes))
      return { ...toImported(found, config), authMethods }
    },

    configure(stored, input): ConfiguredSource {
      const { authenticationTemplate, mode, baseUrl } = parseInput(ConfigureOpenapiInput, input)
      const { baseUrl: previous, ...before } = parseInput(OpenapiConfig, stored.config)
      const wanted = baseUrl === undefined ? previous : baseUrl && parseBaseUrl(baseUrl)
      const given = authenticationTemplate && toAuthMethods(authenticationTemplate)
      const replaces = given !== undefined && mode === 'replace'
      const config: OpenapiConfig = {
        ...before,
        ...(wanted ? { baseUrl: wanted } : {}),
        ...(replaces ? { methodsChosen: true } : {}),
      }
      const authMethods = replaces ? given : mergeAuthMethods(stored.authMethods, given ?? [])
      return { config, authMethods, ...toDisplay(config) }
    },

    async preview(input, context): Promise<OpenapiPreview> {
      const {
        spec,
        specOverrides: overrides = [],
        ...given
      } = parseInput(PreviewOpenapiInput, input)
      const { specFormat: format, paths } = given
      const found = await read(spec, { overrides, format, paths, knownMethods: [] }, context)
      found.close()
      return toPreview(found.summary)
    },

    async detect(url, context) {
      reader.warm()
      const read = (document: OpenedDocument) => readOpened(document, AS_IT_IS, context)
      const sighting = await findDescription(url, context, read)
      if (!sighting) return null
      const { found, endpoint, confidence } = sighting
      return toDetection(found, { confidence, endpoint, input: { spec: endpoint } })
    },

    async detectText(text, context) {
      const { principal, signal } = context
      const found = await read({ kind: 'blob', value: text }, AS_IT_IS, { principal, signal })
      return toDetection(found, { confidence: 'high', endpoint: '', ...repeat('spec', text) })
    },

    async inspect(input, context) {
      const { spec, specOverrides: overrides = [], ...given } = parseInput(AddOpenapiInput, input)
      const { specFormat: format, paths, oauthScopes, authenticationTemplate: own } = given
      const shared = createDocumentSource(context.fetch)
      const document = await shared.open(spec, { signal: context.signal })
      const reading = { overrides, format, paths, knownMethods: [] }
      const found = await readOpened(document, reading, context)
      const { authMethods: detected } = found.summary
      const authMethods = own ? toAuthMethods(own) : withScopes(detected, oauthScopes)
      return { ...(await inspect(found)), authMethods }
    },

    close: () => reader.close(),
  }
}

/** Graph's document looks like any other; the rest say themselves what they are. */
function unsaidFormat({ specFormat }: OpenapiConfig): OpenapiConfig['specFormat'] {
  return specFormat === 'microsoft-graph' ? specFormat : undefined
}

/** What is relative in a document that is pasted anew starts where it did before. */
function atHome(spec: SpecInput, { documentUrl: url }: OpenapiConfig): SpecInput {
  const isAtHome = typeof spec === 'object' && spec.kind === 'blob' && spec.url === undefined
  return isAtHome && url !== undefined ? { ...spec, url } : spec
}

function storedSpec({ specUrl }: OpenapiConfig): SpecInput | null {
  return specUrl === undefined ? null : { kind: 'url', url: specUrl }
}

/** It was pasted before pasted texts were kept. */
function notKept(): ServiceError {
  return new ServiceError(
    'failed_precondition',
    'integration_not_refreshable',
    'The description was pasted and its text is not kept, so there is nothing to read again. Paste it anew.',
  )
}
