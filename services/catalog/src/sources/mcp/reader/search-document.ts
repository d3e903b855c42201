import type { SearchDocument } from '../../../search/document.ts'
import { filledText, isObject, ownValue } from '../../openapi/reader/json.ts'
import { SEARCH_FIELDS_MAX } from '../../openapi/reader/limits.ts'
import type { ConvertedTool } from './convert-tool.ts'

/** What the search index is told of a tool. */
export function toSearchDocument({
  name,
  description,
  annotations,
  detail,
}: ConvertedTool): SearchDocument {
  const properties = ownValue(detail.inputSchema, 'properties')
  const parameters = Object.entries(isObject(properties) ? properties : {})
  return {
    name,
    description,
    ...(detail.summary === undefined ? {} : { summary: detail.summary }),
    parameters: parameters.slice(0, SEARCH_FIELDS_MAX).map(([parameter, schema]) => {
      const said = filledText(ownValue(schema, 'description'))
      return { name: parameter, ...(said === undefined ? {} : { description: said }) }
    }),
    tags: detail.tags,
    readOnly: annotations.readOnly,
    destructive: annotations.destructive,
    deprecated: false,
  }
}
