import {
  AddGraphqlInput,
  type AuthMethod,
  ConfigureGraphqlInput,
  type Detection,
  GraphqlConfig,
  type GraphqlPreview,
  PreviewGraphqlInput,
  RefreshGraphqlInput,
  ServiceError,
  Slug,
} from '@executor/contracts'
import { mergeAuthMethods, toAuthMethods } from '../openapi/auth-templates.ts'
import {
  type AddedSource,
  type ConfiguredSource,
  type DiscoverSource,
  type ImportedSource,
  type SourceAccount,
  type SourceContext,
  type SourceKind,
  toSlug,
} from '../source.ts'
import { toNamedMethods, USUAL_METHODS } from './auth-methods.ts'
import { nameOf, parseEndpoint, parseInput } from './input.ts'
import {
  type Asked,
  createSchemaSource,
  type ReadSchema,
  type SchemaSource,
} from './schema-source.ts'
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
        ...(given.introspectionJson === undefined ? {} : { sourceText: given.introspectionJson }),
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
      const confidence = await judge(schemas, endpoint, context)
      if (!confidence) return null
      const name = nameOf(endpoint)
      return { kind: 'graphql', confidence, endpoint, name, slug: toSlug(name) }
    },

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
  return { endpoint: parseEndpoint(endpoint), headers, queryParams, schema: 'unknown' as const }
}

/** A schema and where it came from. */
interface Found {
  schema: GraphqlConfig['schema']
  read: ReadSchema
  warnings: string[]
}

async function toFound(schema: Found['schema'], reading: Promise<ReadSchema>): Promise<Found> {
  const read = await reading
  return { schema, read, warnings: read.summary.warnings }
}

/**
 * An endpoint that keeps its schema to itself can be added all the same: its tools appear with the
 * first account that may read it.
 */
async function askOrWait(
  schemas: SchemaSource,
  asked: Asked,
  context: SourceContext,
): Promise<Found> {
  try {
    return await toFound('public', schemas.ask(asked, context))
  } catch (error) {
    if (!isUntold(error)) throw error
    return {
      schema: 'unknown',
      read: await schemas.readNothing(context),
      warnings: [error.message],
    }
  }
}

/** What is public stays so while it can be read without an account. */
async function askAgain(
  schemas: SchemaSource,
  asked: Asked,
  context: SourceContext & { account?: SourceAccount },
): Promise<Found> {
  const { account } = context
  const asAccount = () => toFound('unknown', schemas.ask(asked, context, account))
  if (account && asked.config.schema === 'unknown') return asAccount()
  try {
    return await toFound('public', schemas.ask(asked, context))
  } catch (error) {
    if (!account || !isUntold(error)) throw error
    return asAccount()
  }
}

/** The endpoint does not tell, or cannot now; not: it must not be asked, or nobody waits any more. */
function isUntold(error: unknown): error is ServiceError {
  return (
    error instanceof ServiceError &&
    /^graphql_|^egress_(?:unreachable|failed|timeout|invalid_response|too_large|redirects)$/.test(
      error.reason,
    )
  )
}

const ENDPOINT_PATH = /\/(?:graphql|gql|graphiql|query)(?:\/|$)/i

async function judge(
  schemas: SchemaSource,
  endpoint: string,
  context: SourceContext,
): Promise<Detection['confidence'] | null> {
  const looksLikeIt = ENDPOINT_PATH.test(URL.parse(endpoint)?.pathname ?? '')
  const config = toConfig({ endpoint })
  try {
    const { close } = await schemas.ask({ config, authMethods: [] }, context)
    close()
    return 'high'
  } catch (error) {
    // What does not answer as GraphQL is none; whoever asks tries other kinds.
    if (!(error instanceof ServiceError) || error.code === 'cancelled') throw error
    if (error.reason === 'graphql_credential_needed') return looksLikeIt ? 'medium' : null
    if (error.code === 'failed_precondition' && isUntold(error)) return 'high'
    return looksLikeIt && error.code === 'unavailable' ? 'low' : null
  }
}

const TITLE_CHARS_MAX = 256
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
    config: { ...config, schema },
    displayUrl: config.endpoint,
    canRefresh: true,
    warnings,
    close,
  }
}
