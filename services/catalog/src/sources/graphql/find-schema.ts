import { type GraphqlConfig, ServiceError } from '@executor/contracts'
import type { SourceAccount, SourceContext } from '../source.ts'
import type { Asked, ReadSchema, SchemaSource } from './schema-source.ts'

/** A schema and where it came from. */
export interface Found {
  schema: GraphqlConfig['schema']
  read: ReadSchema
  warnings: string[]
}

export async function toFound(
  schema: Found['schema'],
  reading: Promise<ReadSchema>,
): Promise<Found> {
  const read = await reading
  return { schema, read, warnings: read.summary.warnings }
}

/**
 * An endpoint that keeps its schema to itself can be added all the same: its tools appear with the
 * first account that may read it.
 */
export async function askOrWait(
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
export async function askAgain(
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
export function isUntold(error: unknown): error is ServiceError {
  return (
    error instanceof ServiceError &&
    /^graphql_|^egress_(?:unreachable|failed|timeout|invalid_response|too_large|redirects)$/.test(
      error.reason,
    )
  )
}
