import { type Detection, type GraphqlConfig, ServiceError } from '@executor/contracts'
import type { SourceContext } from '../source.ts'
import { isUntold } from './find-schema.ts'
import type { ReadSchema, SchemaSource } from './schema-source.ts'

const ENDPOINT_PATH = /\/(?:graphql|gql|graphiql|query)(?:\/|$)/i

export interface Judgement {
  confidence: Detection['confidence']
  /** The schema, where it is told to everybody; to be closed. */
  read?: ReadSchema
}

/** How sure it is that GraphQL is spoken there; null where it is not. */
export async function judgeEndpoint(
  schemas: SchemaSource,
  config: GraphqlConfig,
  context: SourceContext,
): Promise<Judgement | null> {
  const looksLikeIt = ENDPOINT_PATH.test(URL.parse(config.endpoint)?.pathname ?? '')
  try {
    const read = await schemas.ask({ config, authMethods: [] }, context)
    return { confidence: 'high', read }
  } catch (error) {
    // What does not answer as GraphQL is none; whoever asks tries other kinds.
    if (!(error instanceof ServiceError) || error.code === 'cancelled') throw error
    if (error.reason === 'graphql_credential_needed')
      return looksLikeIt ? { confidence: 'medium' } : null
    if (error.code === 'failed_precondition' && isUntold(error)) return { confidence: 'high' }
    return looksLikeIt && error.code === 'unavailable' ? { confidence: 'low' } : null
  }
}
