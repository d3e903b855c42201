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
import {
  type AddedSource,
  type ConfiguredSource,
  type FetchDocument,
  type ImportedSource,
  type SourceContext,
  type SourceKind,
  type StoredSource,
  toSlug,
} from '../source.ts'
import {
  mergeAuthMethods,
  refreshAuthMethods,
  toAuthMethods,
  withScopes,
} from './auth-templates.ts'
import { createDescriptionReader, type ReadDescription } from './description-reader.ts'
import { listCandidates, PAGE_CHARS_MAX } from './document-candidates.ts'
import { createDocumentSource, type OpenedDocument, type SpecInput } from './document-source.ts'
import { parseBaseUrl, parseInput } from './input.ts'
import type { DescriptionRequest, DescriptionSummary } from './reader/read-description.ts'
import { cancelled } from './worker-pool.ts'
import { readerWorkerUrl } from './worker-url.ts'

export interface OpenapiKindOptions {
  fetchDocument: FetchDocument
  /** The worker's code, where a build put it elsewhere. */
  workerUrl?: URL
}

/** Reads OpenAPI 3 and Swagger 2.0 descriptions into the catalog. */
export function createOpenapiKind(options: OpenapiKindOptions): SourceKind {
  const reader = createDescriptionReader({ workerUrl: options.workerUrl ?? readerWorkerUrl() })
  const documents = createDocumentSource(options.fetchDocument)

  async function read(spec: SpecInput, rest: Reading, context: SourceContext): Promise<Found> {
    reader.warm()
    return readOpened(await documents.open(spec, context), rest, context)
  }

  async function readOpened(
    document: OpenedDocument,
    rest: Reading,
    context: SourceContext,
  ): Promise<Found> {
    const { source, isQuoted = false, isPasted, url, text } = document
    const description = await reader.read(
      { source, url, ...rest },
      { signal: context.signal, fetchReference: document.fetchReference, isQuoted },
    )
    return { ...description, url, text, isPasted }
  }

  /** Null when what an address leads to is no description, nor a page that leads to one. */
  async function findDescription(url: string, context: SourceContext): Promise<Sighting | null> {
    const as = { overrides: [], knownMethods: [] }
    const document = await documents.open({ kind: 'url', url }, context)
    const candidates = listCandidates(pageText(document), document.url ?? url)
    const found = await orNull(readOpened(document, as, context))
    if (found) return { ...toSighting(found, url), confidence: 'high' }
    for (const candidate of candidates) {
      const other = await orNull(read({ kind: 'url', url: candidate }, as, context))
      if (other) return { ...toSighting(other, candidate), confidence: 'medium' }
    }
    return null
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
      const found = await read(spec, { overrides, format, paths, knownMethods: [] }, context)
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
      const spec = given.spec ?? storedSpec(before, stored)
      const format = given.specFormat ?? unsaidFormat(before)
      const paths = given.paths ?? before.paths
      const oauthScopes = given.oauthScopes ?? before.oauthScopes
      const rest = { overrides, format, paths, knownMethods: stored.authMethods }
      const found = await read(spec, rest, context)
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

    async detect(url, context): Promise<Detection | null> {
      if (!URL.canParse(url.trim())) return null
      const within = AbortSignal.any([context.signal, AbortSignal.timeout(DETECT_MS_MAX)])
      const sighting = await orNull(findDescription(url.trim(), { ...context, signal: within }))
      if (context.signal.aborted) throw cancelled()
      return sighting && { kind: 'openapi', ...sighting }
    },

    close: () => reader.close(),
  }
}

/** How a document is to be read. */
type Reading = Omit<DescriptionRequest, 'source' | 'url'>
/** A description, read, and where it came from. */
type Found = ReadDescription & Pick<OpenedDocument, 'url' | 'text' | 'isPasted'>
type Sighting = Omit<Detection, 'kind'>

/** A person waits for it, and other kinds are being tried. */
const DETECT_MS_MAX = 30_000

/** What cannot be read as a description is none. */
async function orNull<T>(reading: Promise<T>): Promise<T | null> {
  try {
    return await reading
  } catch (error) {
    if (error instanceof ServiceError) return null
    throw error
  }
}

function toSighting(found: Found, endpoint: string): Omit<Sighting, 'confidence'> {
  found.close()
  const name = found.summary.title ?? hostOf(endpoint)
  return { endpoint, name, slug: toSlug(name) }
}

/** The start of a document that may be a web page; reading it takes its bytes away. */
function pageText({ source }: OpenedDocument): string {
  const start = source.slice(0, PAGE_CHARS_MAX)
  const text = typeof start === 'string' ? start : new TextDecoder().decode(start)
  return /^\s*</.test(text) ? text : ''
}

function toConfig({ summary, url, isPasted }: Found): OpenapiConfig {
  const { servers, format, title, version } = summary
  return {
    servers,
    specFormat: format,
    headers: {},
    queryParams: {},
    ...(url === null ? {} : isPasted ? { documentUrl: url } : { specUrl: url }),
    ...(title === undefined ? {} : { title }),
    ...(version === undefined ? {} : { version }),
  }
}

function toImported(found: Found, config: OpenapiConfig): ImportedSource {
  const { summary, snapshot, close, url, text, isPasted } = found
  const title = summary.title ?? (url === null ? 'API' : hostOf(url))
  return {
    title: title.slice(0, TITLE_CHARS_MAX),
    description: firstParagraph(summary.description ?? ''),
    suggestedSlug: toSlug(title),
    snapshot,
    authMethods: summary.authMethods,
    config,
    ...toDisplay(config),
    canRefresh: !isPasted,
    warnings: summary.warnings,
    ...(text === undefined ? {} : { sourceText: text }),
    close,
  }
}

const TITLE_CHARS_MAX = 256
const DESCRIPTION_CHARS_MAX = 1_000

function firstParagraph(text: string): string {
  const paragraph = text.split(/\n\s*\n/, 1)[0]?.trim() ?? ''
  return paragraph.length > DESCRIPTION_CHARS_MAX
    ? `${paragraph.slice(0, DESCRIPTION_CHARS_MAX)}…`
    : paragraph
}

function toDisplay({ baseUrl, specUrl }: OpenapiConfig): { displayUrl?: string } {
  const displayUrl = baseUrl ?? specUrl
  return displayUrl === undefined ? {} : { displayUrl }
}

/** Graph's document looks like any other; the rest say themselves what they are. */
function unsaidFormat({ specFormat }: OpenapiConfig): OpenapiConfig['specFormat'] {
  return specFormat === 'microsoft-graph' ? specFormat : undefined
}

function storedSpec(
  { specUrl, documentUrl }: OpenapiConfig,
  { sourceText }: StoredSource,
): SpecInput {
  if (specUrl !== undefined) return { kind: 'url', url: specUrl }
  if (sourceText) {
    return { kind: 'blob', value: sourceText, ...(documentUrl ? { url: documentUrl } : {}) }
  }
  throw new ServiceError(
    'failed_precondition',
    'integration_not_refreshable',
    'The description was pasted, so there is nothing to read it from again. Paste it anew.',
  )
}

function toPreview(summary: DescriptionSummary): OpenapiPreview {
  const { title, version, description } = summary
  return {
    ...(title === undefined ? {} : { title }),
    ...(version === undefined ? {} : { version }),
    ...(description === undefined ? {} : { description }),
    operationCount: summary.operationCount,
    tagCounts: summary.tagCounts,
    servers: summary.servers,
    authMethods: summary.authMethods,
    warnings: summary.warnings,
  }
}

function hostOf(url: string): string {
  return URL.parse(url.trim())?.hostname ?? 'API'
}
