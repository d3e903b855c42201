import {
  AddGraphqlInput,
  type AuthMethod,
  ConfigureGraphqlInput,
  type Detection,
  GraphqlConfig,
  type GraphqlPreview,
  PreviewGraphqlInput,
  RefreshGraphqlInput,
  Slug,
} from '@executor/contracts'
import { mergeAuthMethods, toAuthMethods } from '../openapi/auth-templates.ts'
import { repeat, toTokens } from '../sighting.ts'
import {
  type AddedSource,
  type ConfiguredSource,
  type DiscoverSource,
  type ImportedSource,
  type Inspection,
  type SourceKind,
  toSlug,
} from '../source.ts'
import { toNamedMethods, USUAL_METHODS } from './auth-methods.ts'
import { askAgain, askOrWait, type Found, toFound } from './find-schema.ts'
import { FALLBACK_NAME, nameOf, parseEndpoint, parseInput } from './input.ts'
import { judgeEndpoint } from './judge-endpoint.ts'
import { createSchemaSource, type ReadSchema } from './schema-source.ts'
import { schemaWorkerUrl } from './worker-url.ts'

export interface GraphqlKindOptions {
  discover: DiscoverSource
  /** The worker's code, where a build put it elsewhere. */
  workerUrl?: URL
}

/** Schemas change with releases, and nobody tells when. */
const STALE_AFTER_MS = 24 * 60 * 60 * 1000

/** Reads GraphQL schemas into the catalog: told by their endpoint, or pasted. */
export function createGraphqlKind(options: GraphqlKindOptions): SourceKind {
  const { discover, workerUrl = schemaWorkerUrl() } = options
  const schemas = createSchemaSource({ discover, workerUrl })

  return {
    kind: 'graphql',

    async add(input, context): Promise<AddedSource> {
      const given = parseInput(AddGraphqlInput, input)
      const slug = given.slug === undefined ? undefined : parseInput(Slug, given.slug)
      const config = toConfig(given)
      const authMethods = given.authenticationTemplate
        ? toNamedMethods(given.authenticationTemplate)
        : [...USUAL_METHODS]
      const found =
        given.introspectionJson === undefined
          ? await askOrWait(schemas, { config, authMethods }, context)
          : await toFound('pasted', schemas.paste(given.introspectionJson, context))
      const imported = toImported(found, config, authMethods)
      return {
        ...imported,
        name: given.name ?? imported.title,
        suggestedSlug: toSlug(given.name ?? imported.title),
        description: given.description ?? imported.description,
        ...(slug === undefined ? {} : { slug }),
      }
    },

    async refresh({ config: stored, authMethods }, input, context): Promise<ImportedSource> {
      const { introspectionJson } = parseInput(RefreshGraphqlInput, input ?? {})
      const config = parseInput(GraphqlConfig, stored)
      const found =
        introspectionJson === undefined
          ? await askAgain(schemas, { config, authMethods }, context)
          : await toFound('pasted', schemas.paste(introspectionJson, context))
      return toImported(found, config, authMethods)
    },

    configure(stored, input): ConfiguredSource {
      const { authenticationTemplate, mode, endpoint, headers, queryParams } = parseInput(
        ConfigureGraphqlInput,
        input,
      )
      const before = parseInput(GraphqlConfig, stored.config)
      const config: GraphqlConfig = {
        ...before,
        ...(endpoint === undefined ? {} : { endpoint: parseEndpoint(endpoint) }),
        ...(headers === undefined ? {} : { headers }),
        ...(queryParams === undefined ? {} : { queryParams }),
      }
      const { authMethods } = stored
      const changed =
        authenticationTemplate === undefined
          ? authMethods
          : mode === 'replace'
            ? toNamedMethods(authenticationTemplate)
            : mergeAuthMethods(authMethods, toAuthMethods(authenticationTemplate))
      return { config, authMethods: changed, displayUrl: config.endpoint }
    },

    async preview(input, context): Promise<GraphqlPreview> {
      const { introspectionJson, ...given } = parseInput(PreviewGraphqlInput, input)
      const asked = { config: toConfig(given), authMethods: [] }
      const found =
        introspectionJson === undefined
          ? await schemas.ask(asked, context)
          : await schemas.paste(introspectionJson, context)
      found.close()
      const { queryCount, mutationCount, subscriptions, warnings } = found.summary
      return { queryCount, mutationCount, subscriptions, warnings }
    },

    async detect(url, context): Promise<Detection | null> {
      const parsed = URL.parse(url.trim())
      if (!parsed || !/^https?:$/.test(parsed.protocol) || parsed.username !== '') return null
      const endpoint = parseEndpoint(parsed.href)
      const judged = await judgeEndpoint(schemas, toConfig({ endpoint }), context)
      if (!judged) return null
      const { confidence, read } = judged
      const name = nameOf(endpoint)
      return {
        kind: 'graphql',
        confidence,
        endpoint,
        name,
        slug: toSlug(name),
        input: { endpoint },
        ...(read ? await inspect(read, [...USUAL_METHODS]) : { authMethods: [...USUAL_METHODS] }),
      }
    },

    async detectText(text, context): Promise<Detection> {
      const { principal, signal } = context
      const read = await schemas.paste(text, { principal, signal })
      return {
        kind: 'graphql',
        confidence: 'high',
        endpoint: '',
        name: FALLBACK_NAME,
        slug: toSlug(FALLBACK_NAME),
        ...repeat('introspectionJson', text, ['endpoint']),
        ...(await inspect(read, [...USUAL_METHODS])),
      }
    },

    async inspect(input, context): Promise<Inspection> {
      const given = parseInput(AddGraphqlInput, input)
      const authMethods = given.authenticationTemplate
        ? toNamedMethods(given.authenticationTemplate)
        : [...USUAL_METHODS]
      const asked = { config: toConfig(given), authMethods: [] }
      return inspect(await schemas.ask(asked, context), authMethods)
    },

    usualPaths: ['/graphql'],

    accountTools: {
      isNeeded: ({ config }) => parseInput(GraphqlConfig, config).schema === 'unknown',
      async discover({ config, authMethods }, account, context) {
        const asked = { config: parseInput(GraphqlConfig, config), authMethods }
        const { snapshot, summary, close } = await schemas.ask(asked, context, account)
        return { snapshot, warnings: summary.warnings, close }
      },
      staleAfterMs: () => STALE_AFTER_MS,
    },

    close: () => schemas.close(),
  }
}

function toConfig(given: Pick<AddGraphqlInput, 'endpoint' | 'headers' | 'queryParams'>) {
  const { endpoint, headers = {}, queryParams = {} } = given
  return {
    endpoint: parseEndpoint(endpoint),
    headers,
    queryParams,
    schema: 'unknown' as const,
    subscriptions: [],
  }
}

async function inspect(read: ReadSchema, authMethods: AuthMethod[]): Promise<Inspection> {
  try {
    const { queryCount, mutationCount, warnings } = read.summary
    const tokens = { direct: toTokens(await read.measure()) }
    return {
      authMethods,
      warnings,
      estimate: { operations: queryCount + mutationCount, tokens },
    }
  } finally {
    read.close()
  }
}

const TITLE_CHARS_MAX = 256
/** Names in the settings, which travel with every first call. */
const SUBSCRIPTIONS_MAX = 200
const DESCRIPTION_CHARS_MAX = 1_000

function toImported(
  { schema, read, warnings }: Found,
  config: GraphqlConfig,
  authMethods: AuthMethod[],
): ImportedSource {
  const title = nameOf(config.endpoint).slice(0, TITLE_CHARS_MAX)
  const { snapshot, summary, close } = read
  return {
    title,
    description: summary.description.slice(0, DESCRIPTION_CHARS_MAX),
    suggestedSlug: toSlug(title),
    snapshot,
    authMethods,
    config: { ...config, schema, subscriptions: summary.subscriptions.slice(0, SUBSCRIPTIONS_MAX) },
    displayUrl: config.endpoint,
    canRefresh: true,
    warnings,
    close,
  }
}
