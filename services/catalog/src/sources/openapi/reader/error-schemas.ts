import type { OperationError } from '@executor/contracts'
import { isJson } from './media-types.ts'
import type { Response } from './parts.ts'
import { type SchemaContext, toJsonSchema } from './schema.ts'

/** Kinds of failure that are told apart; a description of more tells an agent nothing it can use. */
const ERRORS_MAX = 12

/** What the operation answers when it fails, in JSON; statuses that answer alike stand together. */
export function toOperationErrors(
  responses: Response[],
  context: SchemaContext,
): OperationError[] | undefined {
  const bySchema = new Map<string, OperationError>()
  const succeeds = responses.some(({ status }) => /^[23]/.test(status))
  for (const { status, contents } of responses) {
    const isError = /^[45]/.test(status) || (status === 'default' && succeeds)
    const content = isError ? contents.find(({ mediaType }) => isJson(mediaType)) : undefined
    if (content?.schema === undefined || bySchema.size === ERRORS_MAX) continue
    const schema = toJsonSchema(content.schema, { ...context, document: content.document }, 1)
    const key = JSON.stringify(schema)
    if (key === '{}' || key === 'true') continue
    const known = bySchema.get(key)
    if (known) known.statuses.push(status)
    else bySchema.set(key, { statuses: [status], schema })
  }
  return bySchema.size === 0 ? undefined : [...bySchema.values()]
}
