import { z } from 'zod'
import { AuthMethod } from '../auth-method.ts'

/** Where a parameter's value goes and how it is written (OpenAPI 3.1, section 4.8.12). */
export const OpenapiParameter = z.object({
  /** The argument that holds the value. */
  argument: z.string(),
  /** The parameter's name on the wire. */
  name: z.string(),
  in: z.enum(['path', 'query', 'header', 'cookie']),
  required: z.boolean().optional(),
  style: z
    .enum(['matrix', 'label', 'simple', 'form', 'spaceDelimited', 'pipeDelimited', 'deepObject'])
    .optional(),
  explode: z.boolean().optional(),
  allowReserved: z.boolean().optional(),
  /** A `content` parameter: its value is written as this media type. */
  contentType: z.string().optional(),
})
export type OpenapiParameter = z.infer<typeof OpenapiParameter>

export const OpenapiEncoding = z.object({
  contentType: z.string().optional(),
  style: z.string().optional(),
  explode: z.boolean().optional(),
  allowReserved: z.boolean().optional(),
  headers: z.record(z.string(), z.unknown()).optional(),
})

export const OpenapiContent = z.object({
  mediaType: z.string(),
  /** Form and multipart fields that are not written the default way. */
  encoding: z.record(z.string(), OpenapiEncoding).optional(),
  /** Multipart fields whose schema says they are files. */
  files: z.array(z.string()).optional(),
})
export type OpenapiContent = z.infer<typeof OpenapiContent>

export const OpenapiServer = z.object({
  /** Absolute where the document's own URL is known; may hold `{variable}`s. */
  url: z.string(),
  variables: z
    .record(z.string(), z.object({ default: z.string(), enum: z.array(z.string()).optional() }))
    .optional(),
})
export type OpenapiServer = z.infer<typeof OpenapiServer>

export const OpenapiResponse = z.object({
  /** `200`, `2XX` or `default`. */
  status: z.string(),
  mediaTypes: z.array(z.string()),
})

/** How one OpenAPI operation is sent; what importer and invoker agree on. */
export const OpenapiBinding = z.object({
  method: z.string(),
  /** As in the document, with its `{templates}`. */
  path: z.string(),
  /** Absent: the integration's own servers. */
  servers: z.array(OpenapiServer).optional(),
  parameters: z.array(OpenapiParameter),
  /** The argument `body` (or `bodyBase64` for binary content); first content is the default. */
  body: z.object({ required: z.boolean(), contents: z.array(OpenapiContent) }).optional(),
  responses: z.array(OpenapiResponse),
  /** Auth method slugs this operation accepts; absent: any. An empty list: sent without credential. */
  security: z.array(z.string()).optional(),
})
export type OpenapiBinding = z.infer<typeof OpenapiBinding>

/** What an OpenAPI integration keeps beside its snapshot. */
export const OpenapiConfig = z.object({
  specUrl: z.string().optional(),
  /** A person's choice; wins over every server in the document. */
  baseUrl: z.string().optional(),
  servers: z.array(OpenapiServer).default([]),
  /** Sent with every call: not secret. */
  headers: z.record(z.string(), z.string()).default({}),
  queryParams: z.record(z.string(), z.string()).default({}),
  title: z.string().optional(),
  version: z.string().optional(),
})
export type OpenapiConfig = z.infer<typeof OpenapiConfig>

export const OpenapiSpec = z.union([
  z.object({ kind: z.literal('url'), url: z.string().min(1).max(2048) }),
  z.object({ kind: z.literal('blob'), value: z.string() }),
])

/** An authoring shorthand: header and query values made of text and at most one variable, last. */
export const AuthTemplatePart = z.union([
  z.string(),
  z.object({ type: z.literal('variable'), name: z.string().min(1) }),
])
export const AuthTemplate = z.union([
  AuthMethod,
  z.object({
    type: z.literal('apiKey'),
    slug: z.string().optional(),
    label: z.string().optional(),
    headers: z.record(z.string(), z.union([z.string(), z.array(AuthTemplatePart)])).optional(),
    queryParams: z.record(z.string(), z.union([z.string(), z.array(AuthTemplatePart)])).optional(),
  }),
  z.object({
    kind: z.literal('oauth2'),
    slug: z.string(),
    authorizationUrl: z.string(),
    tokenUrl: z.string(),
    resource: z.string().optional(),
    scopes: z.array(z.string()).optional(),
  }),
])
export type AuthTemplate = z.infer<typeof AuthTemplate>

export const AddOpenapiInput = z.object({
  spec: OpenapiSpec,
  slug: z.string().optional(),
  name: z.string().max(256).optional(),
  description: z.string().max(8192).optional(),
  baseUrl: z.string().max(2048).optional(),
  headers: z.record(z.string(), z.string()).optional(),
  queryParams: z.record(z.string(), z.string()).optional(),
  authenticationTemplate: z.array(AuthTemplate).optional(),
})
export type AddOpenapiInput = z.infer<typeof AddOpenapiInput>

export const ConfigureOpenapiInput = z.object({
  authenticationTemplate: z.array(AuthTemplate).optional(),
  mode: z.enum(['merge', 'replace']).default('merge'),
  baseUrl: z.string().max(2048).nullable().optional(),
})
export const RefreshOpenapiInput = z.object({ spec: OpenapiSpec.optional() })

export const OpenapiPreview = z.object({
  title: z.string().optional(),
  version: z.string().optional(),
  description: z.string().optional(),
  operationCount: z.number().int(),
  tagCounts: z.record(z.string(), z.number().int()),
  servers: z.array(OpenapiServer),
  authMethods: z.array(AuthMethod),
  warnings: z.array(z.string()),
})
export type OpenapiPreview = z.infer<typeof OpenapiPreview>
