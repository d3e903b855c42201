import { z } from 'zod'
import { AuthMethod } from '../auth-method.ts'
import { AuthTemplate } from './openapi.ts'

/** Which part of a document is replaced when the caller chooses its own fields. */
const Span = z.object({ start: z.number().int().min(0), end: z.number().int().min(0) })

/** How one field of a root type is called; what importer and invoker agree on. */
export const GraphqlBinding = z.object({
  operation: z.enum(['query', 'mutation']),
  /** The field of the root type, which is the operation's name too. */
  field: z.string(),
  /** The whole document, with the default selection. */
  document: z.string(),
  /** The braces of the default selection; absent where the field has nothing to select. */
  selection: Span.optional(),
  /** The argument that replaces the default selection. */
  selectArgument: z.string().optional(),
  /** The field's arguments; each has a variable of its name. */
  variables: z.array(z.string()),
  /** Sent as `first` where neither `first` nor `last` is given: many servers refuse a list without an end. */
  pageSize: z.number().int().optional(),
})
export type GraphqlBinding = z.infer<typeof GraphqlBinding>

/** What a GraphQL integration keeps beside its snapshot. */
export const GraphqlConfig = z.object({
  endpoint: z.string(),
  /** Sent with every call, introspection included: not secret. */
  headers: z.record(z.string(), z.string()).default({}),
  queryParams: z.record(z.string(), z.string()).default({}),
  /**
   * Where the schema came from: the endpoint tells it to everybody, somebody pasted it, or it is not
   * known yet because the endpoint tells it to accounts alone.
   */
  schema: z.enum(['public', 'pasted', 'unknown']).default('unknown'),
  /** Fields that cannot be called, by name; the first of them. */
  subscriptions: z.array(z.string()).default([]),
})
export type GraphqlConfig = z.infer<typeof GraphqlConfig>

/** An OAuth method in short: where its token goes. Where tokens come from is found out later. */
const OauthTemplate = z
  .object({
    kind: z.literal('oauth2'),
    slug: z.string().max(128).optional(),
    label: z.string().max(256).optional(),
    header: z.string().min(1).max(256).default('Authorization'),
    prefix: z.string().max(256).default('Bearer '),
    authorizationUrl: z.string().optional(),
    tokenUrl: z.string().optional(),
    resource: z.string().optional(),
    scopes: z.array(z.string()).default([]),
  })
  .transform(({ kind, slug, label, header, prefix, ...oauth }): AuthTemplate => {
    const placements = [{ carrier: 'header' as const, name: header, prefix }]
    return { kind, slug, label, placements, oauth, origin: 'custom' }
  })
const StoredOauthMethod = AuthMethod.extend({
  slug: z.string().max(128).optional(),
  kind: z.literal('oauth2'),
}).required({ oauth: true })

/** Methods as they are stored come first: the short form would take their fields for unknown ones. */
export const GraphqlAuthTemplate = z.union([StoredOauthMethod, OauthTemplate, AuthTemplate])
export type GraphqlAuthTemplate = z.infer<typeof GraphqlAuthTemplate>

const Values = z.record(z.string().min(1).max(256), z.string().max(8192))
const Endpoint = z.string().min(1).max(2048)

export const AddGraphqlInput = z.object({
  endpoint: Endpoint,
  slug: z.string().optional(),
  name: z.string().max(256).optional(),
  description: z.string().max(8192).optional(),
  /** The schema itself, where the endpoint does not tell it: an introspection result, or SDL. */
  introspectionJson: z.string().optional(),
  headers: Values.optional(),
  queryParams: Values.optional(),
  authenticationTemplate: z.array(GraphqlAuthTemplate).max(32).optional(),
})
export type AddGraphqlInput = z.infer<typeof AddGraphqlInput>

export const ConfigureGraphqlInput = z.object({
  authenticationTemplate: z.array(GraphqlAuthTemplate).max(32).optional(),
  mode: z.enum(['merge', 'replace']).default('merge'),
  endpoint: Endpoint.optional(),
  headers: Values.optional(),
  queryParams: Values.optional(),
})
export type ConfigureGraphqlInput = z.infer<typeof ConfigureGraphqlInput>

export const RefreshGraphqlInput = z.object({
  /** Another schema; absent: the endpoint is asked again. */
  introspectionJson: z.string().optional(),
})
export type RefreshGraphqlInput = z.infer<typeof RefreshGraphqlInput>

export const PreviewGraphqlInput = AddGraphqlInput.pick({
  endpoint: true,
  introspectionJson: true,
  headers: true,
  queryParams: true,
})
export type PreviewGraphqlInput = z.infer<typeof PreviewGraphqlInput>

export const GraphqlPreview = z.object({
  queryCount: z.number().int(),
  mutationCount: z.number().int(),
  /** Fields that cannot be called, by name. */
  subscriptions: z.array(z.string()),
  /** Parts of the schema that were read around. */
  warnings: z.array(z.string()),
})
export type GraphqlPreview = z.infer<typeof GraphqlPreview>

/** What the executor learns of a schema on the catalog's behalf. */
export const GraphqlDiscovery = z.object({
  /** The introspection result as it was answered: gzip, then base64. Megabytes of JSON shrink to a tenth. */
  schema: z.string(),
})
export type GraphqlDiscovery = z.infer<typeof GraphqlDiscovery>
