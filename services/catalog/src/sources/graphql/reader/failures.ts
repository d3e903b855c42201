import { DocumentError } from '../../openapi/reader/document-error.ts'

/** The schema cannot be had, or cannot be read. */
export const INTROSPECTION_FAILED = 'graphql_introspection_failed'
/** The schema can be read and is more than can be taken in. */
export const EXTRACTION_FAILED = 'graphql_extraction_failed'

export function introspectionFailed(message: string): DocumentError {
  return new DocumentError(INTROSPECTION_FAILED, message)
}
