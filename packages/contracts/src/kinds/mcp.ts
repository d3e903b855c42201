import { z } from 'zod'
import { AuthMethod } from '../auth-method.ts'
import { GraphqlAuthTemplate } from './graphql.ts'

/** The protocol's methods that become tools; all but the first only look. */
export const McpMethod = z.enum([
  'tools/call',
  'resources/list',
  'resources/templates/list',
  'resources/read',
  'prompts/list',
  'prompts/get',
  'completion/complete',
])
export type McpMethod = z.infer<typeof McpMethod>

/** How one operation is asked of its server; what importer and invoker agree on. */
export const McpBinding = z.object({
  method: McpMethod,
  /** For `tools/call`: the tool's name as the server writes it. */
  tool: z.string().optional(),
})
export type McpBinding = z.infer<typeof McpBinding>

const Values = z.record(z.string().min(1).max(256), z.string().max(8192))
const Endpoint = z.string().min(1).max(2048)
const VARIABLE_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/
const VariableName = z
  .string()
  .max(256)
  .regex(VARIABLE_NAME, 'use letters, digits and "_", not starting with a digit')
const Environment = z.record(VariableName, z.string().max(65_536))

/** `auto`: streamable HTTP, and SSE where a server does not know it. */
export const McpRemoteTransport = z.enum(['streamable-http', 'sse', 'auto'])
export type McpRemoteTransport = z.infer<typeof McpRemoteTransport>

/** What a server said of itself when it was added or read again. */
const Told = {
  serverName: z.string().optional(),
  serverVersion: z.string().optional(),
  instructions: z.string().optional(),
}

const McpRemoteConfig = z.object({
  transport: z.literal('remote'),
  endpoint: Endpoint,
  remoteTransport: McpRemoteTransport.default('auto'),
  /** Sent with every request: not secret. */
  headers: Values.default({}),
  queryParams: Values.default({}),
  ...Told,
})

const McpStdioConfig = z.object({
  transport: z.literal('stdio'),
  command: z.string().min(1).max(4096),
  args: z.array(z.string().max(32_768)).max(256).default([]),
  /** Not secret; secrets are a connection's. */
  env: Environment.default({}),
  cwd: z.string().max(4096).optional(),
  ...Told,
})

/** What an MCP integration keeps beside its snapshot. */
export const McpConfig = z.discriminatedUnion('transport', [McpRemoteConfig, McpStdioConfig])
export type McpConfig = z.infer<typeof McpConfig>

/** An authoring shorthand: one header that holds a key. */
const HeaderTemplate = z
  .object({
    kind: z.literal('header'),
    slug: z.string().max(128).optional(),
    label: z.string().max(256).optional(),
    headerName: z.string().min(1).max(256).default('Authorization'),
    prefix: z.string().max(256).optional(),
  })
  .transform(({ slug = 'header', label, headerName: name, prefix }): GraphqlAuthTemplate => {
    const placements = [
      { carrier: 'header' as const, name, ...(prefix === undefined ? {} : { prefix }) },
    ]
    return { slug, kind: 'apikey', placements, origin: 'custom', ...(label ? { label } : {}) }
  })

export const McpAuthTemplate = z.union([HeaderTemplate, GraphqlAuthTemplate])
export type McpAuthTemplate = z.infer<typeof McpAuthTemplate>

const AuthTemplates = z.array(McpAuthTemplate).max(32)
const Named = {
  slug: z.string().optional(),
  name: z.string().max(256).optional(),
  description: z.string().max(8192).optional(),
}

const AddRemoteMcpInput = z.object({
  transport: z.literal('remote').default('remote'),
  endpoint: Endpoint,
  remoteTransport: McpRemoteTransport.default('auto'),
  headers: Values.optional(),
  queryParams: Values.optional(),
  authenticationTemplate: AuthTemplates.optional(),
  /** A method in short, where there is only one. */
  auth: McpAuthTemplate.optional(),
  ...Named,
})

const AddStdioMcpInput = z.object({
  transport: z.literal('stdio'),
  command: z.string().min(1).max(4096),
  args: McpStdioConfig.shape.args,
  /** Variables that hold secrets: a connection brings their values. */
  envVars: z
    .array(z.union([VariableName, z.object({ name: VariableName, label: z.string().optional() })]))
    .max(32)
    .optional(),
  /** Values of variables; those of `envVars` go to the connection that is made with the server. */
  env: Environment.optional(),
  cwd: z.string().max(4096).optional(),
  ...Named,
})

export const AddMcpInput = z.union([AddStdioMcpInput, AddRemoteMcpInput])
export type AddMcpInput = z.infer<typeof AddMcpInput>
export type AddStdioMcpInput = z.infer<typeof AddStdioMcpInput>
export type AddRemoteMcpInput = z.infer<typeof AddRemoteMcpInput>

/** Any part of the settings of a server; what is absent stays. The way to reach it cannot change. */
export const McpConfigChange = z.object({
  transport: z.enum(['remote', 'stdio']).optional(),
  endpoint: Endpoint.optional(),
  remoteTransport: McpRemoteTransport.optional(),
  headers: Values.optional(),
  queryParams: Values.optional(),
  command: z.string().min(1).max(4096).optional(),
  args: z.array(z.string().max(32_768)).max(256).optional(),
  env: Environment.optional(),
  cwd: z.string().max(4096).optional(),
})
export type McpConfigChange = z.infer<typeof McpConfigChange>

export const ConfigureMcpInput = z.object({
  config: McpConfigChange.optional(),
  authenticationTemplate: AuthTemplates.optional(),
  mode: z.enum(['merge', 'replace']).default('merge'),
})
export type ConfigureMcpInput = z.infer<typeof ConfigureMcpInput>

export const ProbeMcpInput = z.object({
  endpoint: Endpoint,
  headers: Values.optional(),
  queryParams: Values.optional(),
})
export type ProbeMcpInput = z.infer<typeof ProbeMcpInput>

export const McpProbe = z.object({
  connected: z.boolean(),
  requiresAuthentication: z.boolean(),
  requiresOAuth: z.boolean(),
  supportsDynamicRegistration: z.boolean(),
  name: z.string(),
  slug: z.string(),
  toolCount: z.number().int().nullable(),
  serverName: z.string().nullable(),
  instructions: z.string().nullable(),
  /** What a connection of it could authenticate with, as far as the server tells. */
  authMethods: z.array(AuthMethod),
})
export type McpProbe = z.infer<typeof McpProbe>

/** Where a server's tokens come from, as its protected resource metadata tells (RFC 9728, RFC 8414). */
export const McpOauth = z.object({
  /** The server, which is asked again before somebody signs in. */
  probeUrl: z.string(),
  resourceMetadataUrl: z.string().optional(),
  resource: z.string().optional(),
  issuer: z.string().optional(),
  scopes: z.array(z.string()),
  authorizationUrl: z.string(),
  tokenUrl: z.string(),
  registrationUrl: z.string().optional(),
})
export type McpOauth = z.infer<typeof McpOauth>

/** `offer`: everything; `probe`: the same, in a hurry; `leave`: whether such a server may be started. */
export const McpQuestion = z.object({
  ask: z.enum(['offer', 'probe', 'leave']),
  server: McpConfig,
})
export type McpQuestion = z.infer<typeof McpQuestion>

/** What the executor learns of a server on the catalog's behalf. */
export const McpDiscovery = z.discriminatedUnion('status', [
  z.object({
    status: z.literal('connected'),
    protocolVersion: z.string(),
    transport: z.enum(['streamable-http', 'sse', 'stdio']),
    server: z
      .object({ name: z.string(), version: z.string(), title: z.string().optional() })
      .nullable(),
    instructions: z.string().optional(),
    toolCount: z.number().int(),
    /** JSON text: `{capabilities, tools}`, as the server says them. */
    offer: z.string(),
  }),
  /** It wants to know who asks: HTTP's 401 or 403. */
  z.object({
    status: z.literal('refused'),
    httpStatus: z.number().int(),
    oauth: McpOauth.nullable(),
  }),
  /** It may be asked. */
  z.object({ status: z.literal('allowed') }),
])
export type McpDiscovery = z.infer<typeof McpDiscovery>
