import type { OpenapiBinding } from '@executor/contracts'
import { toUnion } from './body-input.ts'
import type { Documents } from './documents.ts'
import { ownValue } from './json.ts'
import { isBinary, isEventStream, isJson, isStream } from './media-types.ts'
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
      schemas.push(toContentSchema(content, documents, context))
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

/** Every answer that means success; `default` only where no other one is named. */
function findSuccesses(responses: Response[]): Response[] {
  const successes = responses
    .filter(({ status }) => status.startsWith('2'))
    .sort((a, b) => (a.status < b.status ? -1 : 1))
  if (successes.length > 0) return successes
  // A redirect is what such an operation is for: what else it answers is an error.
  if (responses.some(({ status }) => status.startsWith('3'))) return []
  return responses.filter(({ status }) => status === 'default')
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

/**
 * An event as it is handed on, its data parsed where it is JSON. OpenAPI 3.2 describes the event
 * (`itemSchema`), documents from before it describe the data.
 */
function toEventSchema(content: Content, documents: Documents, context: SchemaContext): Schema {
  const event = documents.resolve(content.document, content.itemSchema)
  const described =
    event && documents.resolve(event.document, ownValue(event.value.properties, 'data'))
  const data = described
    ? toJsonSchema(
        described.value.contentSchema ?? described.value,
        { ...context, document: described.document },
        2,
      )
    : toJsonSchema(content.itemSchema ?? content.schema ?? {}, context, 2)
  return {
    type: 'object',
    properties: { event: { type: 'string' }, id: { type: 'string' }, data },
    required: ['data'],
  }
}

function toContentSchema(content: Content, documents: Documents, context: SchemaContext): Schema {
  const inner = { ...context, document: content.document }
  if (isEventStream(content.mediaType)) {
    return { type: 'array', items: toEventSchema(content, documents, inner) }
  }
  if (isStream(content.mediaType)) {
    const item = content.itemSchema ?? content.schema
    const items = item === undefined ? {} : toJsonSchema(item, inner, 1)
    return { type: 'array', items }
  }
  if (isJson(content.mediaType)) return toJsonSchema(content.schema ?? {}, inner, 1)
  return { type: 'string', description: `Text, as ${content.mediaType}.` }
}
