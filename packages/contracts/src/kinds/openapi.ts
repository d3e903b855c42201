import { z } from 'zod'
import { AuthMethod } from '../auth-method.ts'

/** Where a parameter's value goes and how it is written (OpenAPI 3.1, section 4.8.12). */
export const OpenapiParameter = z.object({
  /** The argument that holds the value. */
  argument: z.string(),
  /** The parameter's name on the wire. */
  name: z.string(),
  /** `querystring`: the whole query, written as its `contentType`. */
  in: z.enum(['path', 'query', 'querystring', 'header', 'cookie']),
  required: z.boolean().optional(),
  style: z
    .enum([
      'matrix',
      'label',
      'simple',
      'form',
      'spaceDelimited',
      'pipeDelimited',
      // Swagger 2.0's `tsv`.
      'tabDelimited',
      'deepObject',
      // OpenAPI 3.2: pairs as RFC 6265 writes them, nothing encoded.
      'cookie',
    ])
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
  /** Headers of a multipart field, with what they say unless the argument `bodyHeaders` does. */
  headers: z.record(z.string(), z.string().nullable()).optional(),
  /** A part that is multipart itself (OpenAPI 3.2, "Nested Encoding"). */
  get content() {
    return OpenapiContent.optional()
  },
})
export type OpenapiEncoding = z.infer<typeof OpenapiEncoding>

/** A part of a multipart body that is a list. */
export const OpenapiPart = z.object({
  contentType: z.string().optional(),
  headers: z.record(z.string(), z.string().nullable()).optional(),
  file: z.boolean().optional(),
  get content() {
    return OpenapiContent.optional()
  },
})
export type OpenapiPart = z.infer<typeof OpenapiPart>

export const OpenapiContent = z.object({
  mediaType: z.string(),
  /** Sent as bytes: its argument is `bodyBase64`, or a file given as `body`. */
  binary: z.boolean().optional(),
  /** Form and multipart fields that are not written the default way. */
  get encoding() {
    return z.record(z.string(), OpenapiEncoding).optional()
  },
  /** Multipart fields whose schema says they are files. */
  files: z.array(z.string()).optional(),
  /** A multipart body that is a list, each item a part: the first ones by place, and every other. */
  get parts() {
    return z.object({ first: z.array(OpenapiPart), other: OpenapiPart }).optional()
  },
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
  /**
   * Detected auth methods (by slug) this operation accepts; absent: any. Methods a person added are
   * accepted by every operation but those with an empty list, which are sent without credential.
   */
  security: z.array(z.string()).optional(),
})
export type OpenapiBinding = z.infer<typeof OpenapiBinding>

/** One step of an RFC 6902 patch: how a person corrects a document that is not theirs. */
export const JsonPatchOperation = z.object({
  op: z.enum(['add', 'remove', 'replace', 'move', 'copy', 'test']),
  path: z.string().max(2048),
  from: z.string().max(2048).optional(),
  value: z.unknown().optional(),
})
export type JsonPatchOperation = z.infer<typeof JsonPatchOperation>
const OVERRIDES_MAX = 1000
/** An authorization URL has to hold them. */
const OAUTH_SCOPES_MAX = 200

/** How a document is written: OpenAPI and Swagger themselves, or a format that is converted to them. */
export const SpecFormat = z.enum(['openapi', 'google-discovery', 'microsoft-graph'])
export type SpecFormat = z.infer<typeof SpecFormat>

/** The part of a description that is wanted; what it leaves out costs nothing. */
export const PathSelection = z.object({
  /** Paths as the document writes them. */
  exact: z.array(z.string().max(1024)).max(1000).default([]),
  /** Paths, everything below them, and what is called on them (`/users` takes `/users/delta()`). */
  prefixes: z.array(z.string().max(1024)).max(1000).default([]),
})
export type PathSelection = z.infer<typeof PathSelection>

/** What an OpenAPI integration keeps beside its snapshot. */
export const OpenapiConfig = z.object({
  specUrl: z.string().optional(),
  /** Absent: the document says it itself. */
  specFormat: SpecFormat.optional(),
  /** Absent: all of it. */
  paths: PathSelection.optional(),
  /** What a person is asked to allow when signing in, in place of what the document names. */
  oauthScopes: z.array(z.string().min(1).max(512)).max(OAUTH_SCOPES_MAX).optional(),
  /** Where a pasted document belongs; it is not read from there. */
  documentUrl: z.string().optional(),
  /** A person's choice; wins over every server in the document. */
  baseUrl: z.string().optional(),
  servers: z.array(OpenapiServer).default([]),
  /** Sent with every call: not secret. */
  headers: z.record(z.string(), z.string()).default({}),
  queryParams: z.record(z.string(), z.string()).default({}),
  title: z.string().optional(),
  version: z.string().optional(),
  /** Applied to the document whenever it is read. */
  specOverrides: z.array(JsonPatchOperation).optional(),
  /** A person chose the auth methods: reading the document again leaves them alone. */
  methodsChosen: z.boolean().optional(),
})
export type OpenapiConfig = z.infer<typeof OpenapiConfig>

export const OpenapiSpec = z.union([
  z.object({ kind: z.literal('url'), url: z.string().min(1).max(2048) }),
  z.object({
    kind: z.literal('blob'),
    value: z.string(),
    /** The address of a pasted document: what is relative in it starts from there. */
    url: z.string().min(1).max(2048).optional(),
  }),
])

/** An authoring shorthand: header and query values made of text and at most one variable, last. */
export const AuthTemplatePart = z.union([
  z.string(),
  z.object({ type: z.literal('variable'), name: z.string().min(1) }),
])
const AuthTemplateValues = z.record(
  z.string().min(1).max(256),
  z.union([z.string(), z.array(AuthTemplatePart)]),
)
/** The shorthands come first: a method as it is stored would take their fields for unknown ones. */
export const AuthTemplate = z.union([
  z.object({
    type: z.literal('apiKey'),
    slug: z.string().max(128).optional(),
    label: z.string().max(256).optional(),
    headers: AuthTemplateValues.optional(),
    queryParams: AuthTemplateValues.optional(),
  }),
  z.object({
    kind: z.literal('oauth2'),
    slug: z.string().max(128).optional(),
    label: z.string().max(256).optional(),
    authorizationUrl: z.string(),
    tokenUrl: z.string(),
    resource: z.string().optional(),
    scopes: z.array(z.string()).optional(),
  }),
  AuthMethod.extend({ slug: z.string().max(128).optional() }),
])
export type AuthTemplate = z.infer<typeof AuthTemplate>

export const AddOpenapiInput = z.object({
  /** A plain string is a URL, or the document itself. */
  spec: z.union([OpenapiSpec, z.string()]),
  slug: z.string().optional(),
  name: z.string().max(256).optional(),
  description: z.string().max(8192).optional(),
  baseUrl: z.string().max(2048).optional(),
  headers: z.record(z.string(), z.string()).optional(),
  queryParams: z.record(z.string(), z.string()).optional(),
  authenticationTemplate: z.array(AuthTemplate).optional(),
  /** Absent: the document says it itself. */
  specFormat: SpecFormat.optional(),
  paths: PathSelection.optional(),
  oauthScopes: OpenapiConfig.shape.oauthScopes,
  specOverrides: z.array(JsonPatchOperation).max(OVERRIDES_MAX).optional(),
})
export type AddOpenapiInput = z.infer<typeof AddOpenapiInput>

export const ConfigureOpenapiInput = z.object({
  authenticationTemplate: z.array(AuthTemplate).optional(),
  mode: z.enum(['merge', 'replace']).default('merge'),
  baseUrl: z.string().max(2048).nullable().optional(),
})
export type ConfigureOpenapiInput = z.infer<typeof ConfigureOpenapiInput>
export const RefreshOpenapiInput = z.object({
  /** Absent: what it was read from before, fetched again or as it was pasted. */
  spec: z.union([OpenapiSpec, z.string()]).optional(),
  /** Replace what is stored; absent: as before. */
  specFormat: SpecFormat.optional(),
  paths: PathSelection.optional(),
  oauthScopes: OpenapiConfig.shape.oauthScopes,
  /** Replaces the stored overrides; absent: they are applied as before. */
  specOverrides: z.array(JsonPatchOperation).max(OVERRIDES_MAX).optional(),
})
export type RefreshOpenapiInput = z.infer<typeof RefreshOpenapiInput>
export const PreviewOpenapiInput = AddOpenapiInput.pick({
  spec: true,
  specFormat: true,
  paths: true,
  specOverrides: true,
})
export type PreviewOpenapiInput = z.infer<typeof PreviewOpenapiInput>

export const OpenapiPreview = z.object({
  title: z.string().optional(),
  version: z.string().optional(),
  description: z.string().optional(),
  operationCount: z.number().int(),
  tagCounts: z.record(z.string(), z.number().int()),
  servers: z.array(OpenapiServer),
  authMethods: z.array(AuthMethod),
  /** Parts of the document that were read around: what, and where. */
  warnings: z.array(z.string()),
})
export type OpenapiPreview = z.infer<typeof OpenapiPreview>
