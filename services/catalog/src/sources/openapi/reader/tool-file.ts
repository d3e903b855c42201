import type { JsonObject } from './json.ts'
import type { SchemaContext } from './schema.ts'

const TOOL_FILE: JsonObject = {
  type: 'object',
  description: 'A file.',
  properties: {
    _tag: { const: 'ToolFile' },
    name: { type: 'string' },
    mimeType: { type: 'string' },
    encoding: { const: 'base64' },
    data: { type: 'string', contentEncoding: 'base64' },
    byteLength: { type: 'integer', minimum: 0 },
  },
  required: ['_tag', 'mimeType', 'encoding', 'data', 'byteLength'],
}

/** The schema of a file on its way in or out. */
export function toToolFile({ definitions, refs }: SchemaContext): JsonObject {
  const name = definitions.ownName('ToolFile', TOOL_FILE)
  refs.add(name)
  return { $ref: `#/$defs/${name}` }
}
