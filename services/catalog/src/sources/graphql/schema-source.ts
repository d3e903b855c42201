import {
  type AuthMethod,
  DOCUMENT_BYTES_MAX,
  type GraphqlConfig,
  GraphqlDiscovery,
  ServiceError,
} from '@executor/contracts'
import { createDescriptionReader, type DescriptionReader } from '../openapi/description-reader.ts'
import type { ReadDescription } from '../openapi/description-rows.ts'
import type { DiscoverSource, SourceAccount, SourceContext } from '../source.ts'
import { parseInput } from './input.ts'
import { EXTRACTION_FAILED, INTROSPECTION_FAILED } from './reader/failures.ts'
import type { SchemaRequest, SchemaSummary } from './reader/read-schema.ts'

export type ReadSchema = ReadDescription<SchemaSummary>

export interface Asked {
  config: GraphqlConfig
  authMethods: AuthMethod[]
}

/** Where schemas come from: people paste them, endpoints tell them. */
export interface SchemaSource {
  paste(text: string, context: SourceContext): Promise<ReadSchema>
  /** Without an account as a stranger. */
  ask(asked: Asked, context: SourceContext, account?: SourceAccount): Promise<ReadSchema>
  /** Of a schema that nobody has told yet. */
  readNothing(context: SourceContext): Promise<ReadSchema>
  close(): Promise<void>
}

const NOTHING = '{"__schema":{"types":[]}}'

export function createSchemaSource(options: {
  discover: DiscoverSource
  workerUrl: URL
}): SchemaSource {
  const reader: DescriptionReader<SchemaRequest, SchemaSummary> = createDescriptionReader({
    workerUrl: options.workerUrl,
    reasons: { parse: INTROSPECTION_FAILED, extraction: EXTRACTION_FAILED },
  })
  const read = (source: string | Uint8Array, { signal }: SourceContext) =>
    reader.read({ source }, { signal, fetchReference: refuseReference })

  return {
    async paste(text, context) {
      const { document } = context
      const isQuoted = text === '' && document !== undefined
      const source = isQuoted ? document : text
      if (source.length > DOCUMENT_BYTES_MAX) throw tooLarge()
      const { signal } = context
      const writing = isQuoted ? 'quoted' : 'plain'
      return reader.read({ source }, { signal, fetchReference: refuseReference, writing })
    },
    async ask({ config, authMethods }, context, account) {
      reader.warm()
      const answer = await options.discover(
        {
          kind: 'graphql',
          authMethods,
          config,
          ...(account ? asAccount(account) : {}),
        },
        context,
      )
      const { schema } = parseInput(GraphqlDiscovery, answer)
      return read(new Uint8Array(Buffer.from(schema, 'base64')), context)
    },
    readNothing: (context) => read(NOTHING, context),
    close: () => reader.close(),
  }
}

function asAccount({ integration: { slug, revision }, owner, name }: SourceAccount) {
  return { stored: { slug, revision }, account: { owner, name } }
}

function refuseReference(url: string): Promise<never> {
  return Promise.reject(
    new ServiceError('internal', 'internal', `A schema refers to no other file (${url}).`),
  )
}

function tooLarge(): ServiceError {
  return new ServiceError(
    'invalid_argument',
    INTROSPECTION_FAILED,
    `The schema is larger than ${DOCUMENT_BYTES_MAX / (1024 * 1024)} MB, the most that can be read.`,
  )
}
