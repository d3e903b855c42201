import type { JsonObject } from '../../openapi/reader/json.ts'

const META: JsonObject = { type: 'object', description: 'What the server adds beside.' }
const BLOCKS: JsonObject = {
  type: 'array',
  description: 'Content blocks: text, image, audio, resource_link or resource.',
  items: {
    type: 'object',
    properties: {
      type: { type: 'string' },
      text: { type: 'string' },
      data: { type: 'string', description: 'base64' },
      mimeType: { type: 'string' },
      uri: { type: 'string' },
      name: { type: 'string' },
      resource: { type: 'object' },
    },
    required: ['type'],
  },
}

/** A tool's result as the protocol wraps it, around what the server itself declares. */
export function toolResultSchema(declared: JsonObject | null): JsonObject {
  return {
    type: 'object',
    properties: {
      content: BLOCKS,
      ...(declared ? { structuredContent: declared } : {}),
      isError: { type: 'boolean' },
      _meta: META,
    },
    required: declared ? ['content', 'structuredContent'] : ['content'],
  }
}

export function listSchema(field: string, item: JsonObject): JsonObject {
  return {
    type: 'object',
    properties: {
      [field]: { type: 'array', items: item },
      nextCursor: { type: 'string', description: 'Give it as cursor to get the next page.' },
      _meta: META,
    },
    required: [field],
  }
}

export const RESOURCE: JsonObject = {
  type: 'object',
  properties: {
    uri: { type: 'string' },
    name: { type: 'string' },
    title: { type: 'string' },
    description: { type: 'string' },
    mimeType: { type: 'string' },
    size: { type: 'number' },
  },
  required: ['uri', 'name'],
}

export const RESOURCE_TEMPLATE: JsonObject = {
  type: 'object',
  properties: {
    uriTemplate: { type: 'string', description: 'RFC 6570' },
    name: { type: 'string' },
    title: { type: 'string' },
    description: { type: 'string' },
    mimeType: { type: 'string' },
  },
  required: ['uriTemplate', 'name'],
}

export const PROMPT: JsonObject = {
  type: 'object',
  properties: {
    name: { type: 'string' },
    title: { type: 'string' },
    description: { type: 'string' },
    arguments: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          name: { type: 'string' },
          description: { type: 'string' },
          required: { type: 'boolean' },
        },
        required: ['name'],
      },
    },
  },
  required: ['name'],
}

export const READ_RESULT: JsonObject = {
  type: 'object',
  properties: {
    contents: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          uri: { type: 'string' },
          mimeType: { type: 'string' },
          text: { type: 'string' },
          blob: { type: 'string', description: 'base64' },
        },
        required: ['uri'],
      },
    },
    _meta: META,
  },
  required: ['contents'],
}

export const PROMPT_RESULT: JsonObject = {
  type: 'object',
  properties: {
    description: { type: 'string' },
    messages: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          role: { enum: ['user', 'assistant'] },
          content: { type: 'object', description: 'One content block.' },
        },
        required: ['role', 'content'],
      },
    },
    _meta: META,
  },
  required: ['messages'],
}

export const COMPLETION_RESULT: JsonObject = {
  type: 'object',
  properties: {
    completion: {
      type: 'object',
      properties: {
        values: { type: 'array', items: { type: 'string' } },
        total: { type: 'number' },
        hasMore: { type: 'boolean' },
      },
      required: ['values'],
    },
    _meta: META,
  },
  required: ['completion'],
}
