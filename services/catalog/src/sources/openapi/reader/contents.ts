import type { Documents } from './documents.ts'
import { isObject } from './json.ts'
import { readText } from './keywords.ts'
import type { Body, Content, RawOperation, Response } from './parts.ts'
import type { SourceDocument } from './source-document.ts'

/** The ways of a `content` object, in the order in which it names them. */
function readContents(documents: Documents, document: SourceDocument, content: unknown): Content[] {
  if (!isObject(content)) return []
  return Object.entries(content).map(([mediaType, value]) => {
    const media = documents.resolve(document, value)
    return {
      document: media?.document ?? document,
      // Documents that leave the type empty, or say "anything", nearly always speak JSON.
      mediaType: mediaType.trim() === '' || mediaType === '*/*' ? 'application/json' : mediaType,
      schema: media?.value.schema,
      itemSchema: media?.value.itemSchema,
      encoding: isObject(media?.value.encoding) ? media.value.encoding : undefined,
      prefixEncoding: Array.isArray(media?.value.prefixEncoding) ? media.value.prefixEncoding : [],
      itemEncoding: media?.value.itemEncoding,
    }
  })
}

export function readBody(documents: Documents, operation: RawOperation): Body | null {
  const body = documents.resolve(operation.document, operation.value.requestBody)
  if (!body) return null
  const contents = readContents(documents, body.document, body.value.content)
  if (contents.length === 0) return null
  return {
    required: body.value.required === true,
    description: readText(body.value.description),
    contents,
  }
}

export function readResponses(documents: Documents, operation: RawOperation): Response[] {
  const { responses } = operation.value
  if (!isObject(responses)) return []
  return Object.entries(responses).flatMap(([status, value]) => {
    if (!/^([1-5](\d\d|XX)|default)$/i.test(status)) return []
    const response = documents.resolve(operation.document, value)
    const contents = response
      ? readContents(documents, response.document, response.value.content)
      : []
    const headers = Object.keys(isObject(response?.value.headers) ? response.value.headers : {})
    return [{ status: status === 'default' ? status : status.toUpperCase(), contents, headers }]
  })
}
