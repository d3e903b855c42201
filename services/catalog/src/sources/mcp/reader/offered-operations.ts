import type { McpMethod } from '@executor/contracts'
import { isObject, type JsonObject } from '../../openapi/reader/json.ts'
import { LOOKING } from './annotations.ts'
import type { ConvertedTool } from './convert-tool.ts'
import {
  COMPLETION_RESULT,
  listSchema,
  PROMPT,
  PROMPT_RESULT,
  READ_RESULT,
  RESOURCE,
  RESOURCE_TEMPLATE,
} from './result-schemas.ts'

interface Offered {
  /** The server's capability that it goes with. */
  capability: string
  name: string
  method: McpMethod
  description: string
  properties: JsonObject
  required: string[]
  output: JsonObject
}

const CURSOR: JsonObject = {
  cursor: { type: 'string', description: 'nextCursor of the page before; absent for the first.' },
}
const ARGUMENTS: JsonObject = { type: 'object', additionalProperties: { type: 'string' } }

/** What servers have beside tools. Their names hold a dot, which those of tools never do. */
const OFFERED: readonly Offered[] = [
  {
    capability: 'completions',
    name: 'completions.complete',
    method: 'completion/complete',
    description: 'Suggest values for an argument of a prompt or of a resource template.',
    properties: {
      ref: {
        description: 'Which prompt, or which resource template.',
        oneOf: [
          {
            type: 'object',
            properties: { type: { const: 'ref/prompt' }, name: { type: 'string' } },
            required: ['type', 'name'],
          },
          {
            type: 'object',
            properties: { type: { const: 'ref/resource' }, uri: { type: 'string' } },
            required: ['type', 'uri'],
          },
        ],
      },
      argument: {
        type: 'object',
        properties: { name: { type: 'string' }, value: { type: 'string' } },
        required: ['name', 'value'],
      },
      context: {
        type: 'object',
        description: 'Arguments that are settled already.',
        properties: { arguments: ARGUMENTS },
      },
    },
    required: ['ref', 'argument'],
    output: COMPLETION_RESULT,
  },
  {
    capability: 'prompts',
    name: 'prompts.get',
    method: 'prompts/get',
    description: 'Get a prompt of the server, filled in with arguments.',
    properties: { name: { type: 'string' }, arguments: ARGUMENTS },
    required: ['name'],
    output: PROMPT_RESULT,
  },
  {
    capability: 'prompts',
    name: 'prompts.list',
    method: 'prompts/list',
    description: 'List the prompts of the server and the arguments they take.',
    properties: CURSOR,
    required: [],
    output: listSchema('prompts', PROMPT),
  },
  {
    capability: 'resources',
    name: 'resources.list',
    method: 'resources/list',
    description: 'List the resources of the server: what can be read from it, by URI.',
    properties: CURSOR,
    required: [],
    output: listSchema('resources', RESOURCE),
  },
  {
    capability: 'resources',
    name: 'resources.read',
    method: 'resources/read',
    description: 'Read a resource of the server by its URI.',
    properties: { uri: { type: 'string' } },
    required: ['uri'],
    output: READ_RESULT,
  },
  {
    capability: 'resources',
    name: 'resources.templates',
    method: 'resources/templates/list',
    description: 'List the URI templates of the resources that the server makes up on demand.',
    properties: CURSOR,
    required: [],
    output: listSchema('resourceTemplates', RESOURCE_TEMPLATE),
  },
]

/** The tools through which agents reach what a server has beside tools, where it has it. */
export function offeredOperations(capabilities: unknown): ConvertedTool[] {
  return OFFERED.filter(
    ({ capability }) => isObject(capabilities) && isObject(capabilities[capability]),
  ).map(({ name, method, description, properties, required, output }) => ({
    name,
    description,
    annotations: LOOKING,
    detail: {
      tags: [name.split('.')[0] ?? name],
      inputSchema: { type: 'object', properties, required, additionalProperties: false },
      outputSchema: output,
      binding: { method },
    },
    refs: { input: [], output: [] },
  }))
}
