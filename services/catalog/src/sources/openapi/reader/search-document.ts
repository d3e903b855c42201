import type { SearchDocument } from '../../../search/document.ts'
import type { ConvertedOperation } from './operation-row.ts'

/** What the search index is told of an operation. */
export function toSearchDocument(operation: ConvertedOperation): SearchDocument {
  const { name, description, annotations, detail, fields } = operation
  return {
    name,
    path: detail.binding.path,
    method: detail.binding.method,
    ...(detail.summary === undefined ? {} : { summary: detail.summary }),
    description,
    parameters: fields,
    tags: detail.tags,
    readOnly: annotations.readOnly,
    destructive: annotations.destructive,
    deprecated: annotations.deprecated === true,
  }
}
