import type { Annotations, McpBinding } from '@executor/contracts'
import { filledText, isObject, type JsonObject, ownValue } from '../../openapi/reader/json.ts'
import { DESCRIPTION_CHARS_MAX } from '../../openapi/reader/limits.ts'
import { toAnnotations } from './annotations.ts'
import { toolResultSchema } from './result-schemas.ts'
import type { Schemas } from './schemas.ts'

/** A tool as it is stored, before it becomes text. */
export interface ConvertedTool {
  name: string
  description: string
  annotations: Annotations
  detail: {
    summary?: string
    tags: string[]
    inputSchema: JsonObject
    outputSchema: JsonObject
    binding: McpBinding
  }
  refs: { input: string[]; output: string[] }
}

/** `tool` as the server lists it; null where it has no name to call it by. */
export function convertTool(
  tool: unknown,
  nameFor: (name: string) => string,
  schemas: Schemas,
): ConvertedTool | null {
  const own = ownValue(tool, 'name')
  if (typeof own !== 'string' || own.trim() === '') return null
  const hints = ownValue(tool, 'annotations')
  const title = filledText(ownValue(tool, 'title')) ?? filledText(ownValue(hints, 'title'))
  const said = filledText(ownValue(tool, 'description')) ?? title ?? own
  const input = schemas.convert(ownValue(tool, 'inputSchema'), own)
  const declared = ownValue(tool, 'outputSchema')
  const output = isObject(declared) ? schemas.convert(declared, own) : null
  return {
    name: nameFor(own),
    description:
      said.length > DESCRIPTION_CHARS_MAX ? `${said.slice(0, DESCRIPTION_CHARS_MAX)}…` : said,
    annotations: toAnnotations(hints, title ?? own),
    detail: {
      ...(title === undefined ? {} : { summary: title }),
      tags: [],
      inputSchema: { type: 'object', ...input.schema },
      outputSchema: toolResultSchema(output?.schema ?? null),
      binding: { method: 'tools/call', tool: own },
    },
    refs: { input: input.refs, output: output?.refs ?? [] },
  }
}
