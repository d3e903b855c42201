import { invariant } from '@executor/contracts'
import type { FastifySchema } from 'fastify'
import { z } from 'zod'

export interface DocumentedRoute {
  method: string
  url: string
  schema: FastifySchema
  isPublic: boolean
}
type Json = Record<string, unknown>

/** OpenAPI 3.1 from the schemas that validate the routes: there is no second description. */
export function createApiDocument(routes: readonly DocumentedRoute[], version: string): Json {
  const paths: Record<string, Json> = {}
  for (const route of routes) {
    const path = route.url.replace(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: toOperation(route) }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Executor',
      version,
      description:
        'One catalog of tools for every agent: integrations, connections, policies and runs.',
    },
    servers: [{ url: '/' }],
    security: [{ bearer: [] }, { apiKey: [] }],
    paths,
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer' },
        apiKey: { type: 'apiKey', in: 'header', name: 'x-api-key' },
      },
      schemas: { Error: ERROR },
    },
  }
}

const ERROR = {
  type: 'object',
  required: ['_tag', 'message'],
  properties: {
    _tag: { type: 'string', description: 'Which error it is.' },
    message: { type: 'string', description: 'What happened, and what to do.' },
    code: { type: 'string' },
    reason: { type: 'string' },
    traceId: { type: 'string' },
  },
}

function toOperation({ method, url, schema, isPublic }: DocumentedRoute): Json {
  const { summary, description, tags } = schema
  return {
    operationId: operationId(method, url),
    ...(summary !== undefined && { summary }),
    ...(description !== undefined && { description }),
    ...(tags && { tags }),
    ...(isPublic && { security: [] }),
    parameters: [
      ...toParameters(schema.params, 'path'),
      ...toParameters(schema.querystring, 'query'),
    ],
    ...toRequestBody(schema.body),
    responses: { ...toResponses(schema.response), default: FAILURE },
  }
}

const FAILURE = {
  description: 'What went wrong.',
  content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
}

/** `GET /api/tools/schema` is `getToolsSchema`: stable, and readable as a tool's name. */
function operationId(method: string, url: string): string {
  const words = url
    .replace(/^\/api\//, '')
    .split(/[^A-Za-z0-9]+/)
    .filter(Boolean)
    .map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`)
  return `${method.toLowerCase()}${words.join('')}`
}

function toParameters(part: unknown, where: 'path' | 'query'): Json[] {
  if (!(part instanceof z.ZodObject)) return []
  const { properties = {}, required = [] } = toJsonSchema(part, 'input') as {
    properties?: Record<string, Json>
    required?: string[]
  }
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: where,
    required: where === 'path' || required.includes(name),
    schema,
  }))
}

function toRequestBody(body: unknown): Json {
  if (body === undefined) return {}
  invariant(body instanceof z.ZodType, 'bodies are described by zod schemas')
  const schema = toJsonSchema(body, 'input')
  return {
    requestBody: {
      required: !body.safeParse(undefined).success,
      content: { 'application/json': { schema } },
    },
  }
}

function toResponses(response: unknown): Json {
  if (typeof response !== 'object' || response === null)
    return { 204: { description: 'It was done.' } }
  return Object.fromEntries(
    Object.entries(response).map(([status, schema]) => [
      status,
      {
        description: 'The answer.',
        content: { 'application/json': { schema: toJsonSchema(schema, 'output') } },
      },
    ]),
  )
}

function toJsonSchema(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' })
  return rest
}
