import type { OpenapiBinding } from '@executor/contracts'
import { toUnion } from './body-input.ts'
import type { Documents } from './documents.ts'
import { isBinary, isJson, isStream } from './media-types.ts'
import type { Content, Response } from './parts.ts'
import { type Schema, type SchemaContext, toJsonSchema } from './schema.ts'
import { toToolFile } from './tool-file.ts'

export interface OperationOutput {
  /** What `data` is when the call succeeds; absent where the document does not say. */
  schema: Schema | undefined
  responses: OpenapiBinding['responses']
  /** It answers with a file. */
  isFile: boolean
}

export function toOperationOutput(
  responses: Response[],
  documents: Documents,
  context: SchemaContext,
): OperationOutput {
  const successes = findSuccesses(responses)
  const schemas: Schema[] = []
  let isFile = false
  for (const { contents } of successes) {
    const content = preferred(contents)
    if (!content) {
      schemas.push({ type: 'null' })
    } else if (isFileContent(content, documents)) {
      isFile = true
      schemas.push(toToolFile(context))
    } else {
      schemas.push(toContentSchema(content, context))
    }
  }
  const saysSomething = successes.some(({ contents }) => contents.length > 0) || isEmpty(successes)
  return {
    schema: saysSomething ? toUnion(schemas) : undefined,
    responses: responses.map(({ status, contents }) => ({
      status,
      mediaTypes: contents.map(({ mediaType }) => mediaType),
    })),
    isFile,
  }
}

/** Every answer that means success; `default` only where nothing else is named. */
function findSuccesses(responses: Response[]): Response[] {
  const successes = responses
    .filter(({ status }) => status.startsWith('2'))
    .sort((a, b) => (a.status < b.status ? -1 : 1))
  if (successes.length > 0) return successes
  const isAlone = responses.every(({ status }) => status === 'default')
  return isAlone ? responses : []
}

/** A 204 and its like: the answer is known to be empty. */
function isEmpty(successes: Response[]): boolean {
  return successes.length > 0 && successes.every(({ status }) => /^20[45]$/.test(status))
}

function preferred(contents: Content[]): Content | undefined {
  return contents.find(({ mediaType }) => isJson(mediaType)) ?? contents[0]
}

function isFileContent(content: Content, documents: Documents): boolean {
  if (isJson(content.mediaType) || isStream(content.mediaType)) return false
  if (isBinary(content.mediaType)) return true
  const root = documents.resolve(content.document, content.schema)
  return root?.value.format === 'binary' || root?.value.type === 'file'
}

function toContentSchema(content: Content, context: SchemaContext): Schema {
  const inner = { ...context, document: content.document }
  if (isStream(content.mediaType)) {
    const item = content.itemSchema ?? content.schema
    const items = item === undefined ? {} : toJsonSchema(item, inner, 1)
    return { type: 'array', items }
  }
  if (isJson(content.mediaType)) return toJsonSchema(content.schema ?? {}, inner, 1)
  return { type: 'string', description: `Text, as ${content.mediaType}.` }
}
