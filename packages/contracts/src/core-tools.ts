import { z } from 'zod'
import { Owner, Slug } from './address.ts'
import { AddGraphqlInput } from './kinds/graphql.ts'
import { McpAuthTemplate, McpRemoteTransport, ProbeMcpInput } from './kinds/mcp.ts'
import { AuthTemplate } from './kinds/openapi.ts'
import { OAUTH_TOOLS } from './oauth-tools.ts'
import { RuleAction } from './policy.ts'

/** The integration that is always there: the product's own tools. */
export const CORE_INTEGRATION = 'executor'

/** Whether a tool's path, without `tools.`, leads to one of the product's own. */
export function isCorePath(path: string): boolean {
  return path.startsWith(`${CORE_INTEGRATION}.`)
}

/** What code finds its way with: `tools.search(…)` and its like answer data, without an envelope. */
export const FINDING_TOOLS = {
  search: 'search',
  describe: 'describe.tool',
  list: `${CORE_INTEGRATION}.integrations.list`,
} as const

/** A tool that the product itself answers. Its address is `executor.<name>`. */
export interface CoreTool {
  name: string
  description: string
  input: z.ZodObject
  /** Changes something: an agent's call waits for a person. */
  requiresApproval: boolean
}

const Nothing = z.object({}).strict()
const ConnectionKey = z.object({ owner: Owner, integration: Slug, name: z.string() }).strict()
const RuleFields = {
  owner: Owner,
  pattern: z.string().describe('<integration>.<owner>.<connection>.<tool>, "*" fills a segment'),
  action: RuleAction,
}

function tool(
  name: string,
  description: string,
  input: z.ZodObject,
  options: { asks: boolean } = { asks: false },
): CoreTool {
  return { name, description, input, requiresApproval: options.asks }
}
const ASKS = { asks: true }

/** Secrets are no argument of any of these: a person enters them behind a hand-off link. */
export const CORE_TOOLS: readonly CoreTool[] = [
  tool('coreTools.integrations.list', 'List the integrations of the catalog.', Nothing),
  tool(
    'coreTools.integrations.detect',
    'Say what a URL, a pasted document, a command that starts an MCP server or a well-known name could be added as.',
    z
      .object({
        url: z.string().max(2048).optional(),
        input: z.string().max(1_000_000).optional().describe('Anything but a URL'),
      })
      .strict(),
  ),
  tool(
    'coreTools.integrations.changes',
    'List what changed in an integration’s tools, the last first.',
    z.object({ slug: Slug, limit: z.number().int().min(1).max(50).default(10) }).strict(),
  ),
  tool(
    'coreTools.integrations.review',
    'List tools of an integration that wait for a person to let them in. Only a person can.',
    z.object({ slug: Slug }).strict(),
  ),
  tool(
    'coreTools.connections.list',
    'List connections: the accounts that integrations are called with.',
    z.object({ integration: z.string().optional(), owner: Owner.optional() }).strict(),
  ),
  tool(
    'coreTools.connections.create',
    'Connect an integration without a secret: method "none", or a value that a credential provider holds.',
    z
      .object({
        owner: Owner,
        integration: Slug,
        name: z.string().max(128),
        template: z.string().describe('The auth method; "none" for public APIs'),
        from: z.object({ provider: z.string(), id: z.string() }).optional(),
        identityLabel: z.string().optional(),
        description: z.string().optional(),
      })
      .strict(),
    ASKS,
  ),
  tool(
    'coreTools.connections.createHandoff',
    'Make a link behind which a person enters the secret of a connection.',
    z
      .object({
        integration: Slug,
        owner: Owner.default('org'),
        template: z.string().optional(),
        label: z.string().optional(),
      })
      .strict(),
  ),
  tool('coreTools.connections.remove', 'Remove a connection and its secret.', ConnectionKey, ASKS),
  tool(
    'coreTools.connections.refresh',
    'Ask an upstream anew which tools an account reaches.',
    ConnectionKey,
    ASKS,
  ),
  ...OAUTH_TOOLS,
  tool('coreTools.providers.list', 'List where secret values can live.', Nothing),
  tool(
    'coreTools.providers.items',
    'List what a credential provider holds, by name.',
    z.object({ key: z.string().max(128) }).strict(),
    ASKS,
  ),
  tool('coreTools.policies.list', 'List the rules, in the order in which they are tried.', Nothing),
  tool(
    'coreTools.policies.create',
    'Add a rule: approve, require_approval or block what a pattern matches.',
    z.object({ ...RuleFields, position: z.string().optional() }).strict(),
    ASKS,
  ),
  tool(
    'coreTools.policies.update',
    'Change a rule.',
    z
      .object({
        id: z.string(),
        owner: Owner,
        pattern: z.string().optional(),
        action: RuleAction.optional(),
        position: z.string().optional(),
      })
      .strict(),
    ASKS,
  ),
  tool(
    'coreTools.policies.remove',
    'Remove a rule.',
    z.object({ id: z.string(), owner: Owner }).strict(),
    ASKS,
  ),
  tool(
    'openapi.previewSpec',
    'Read an OpenAPI document and say what it would add; saves nothing.',
    z.object({ spec: z.string().describe('A URL, or the document itself') }).strict(),
  ),
  tool(
    'openapi.addSpec',
    'Add an OpenAPI document to the catalog as an integration.',
    z
      .object({
        spec: z.string().describe('A URL, or the document itself'),
        slug: z.string().optional(),
        name: z.string().optional(),
        description: z.string().optional(),
        baseUrl: z.string().optional(),
        authenticationTemplate: z.array(AuthTemplate).optional(),
      })
      .strict(),
    ASKS,
  ),
  tool(
    'openapi.addSource',
    'Add an OpenAPI document and connect it without a credential where it asks for none.',
    z
      .object({
        spec: z.string().describe('A URL, or the document itself'),
        namespace: z.string().optional(),
        name: z.string().optional(),
        baseUrl: z.string().optional(),
      })
      .strict(),
    ASKS,
  ),
  tool(
    'graphql.getIntegration',
    'Get a GraphQL endpoint of the catalog and how it is reached.',
    z.object({ slug: Slug }).strict(),
  ),
  tool(
    'graphql.addIntegration',
    'Add a GraphQL endpoint to the catalog as an integration.',
    AddGraphqlInput.pick({
      endpoint: true,
      slug: true,
      name: true,
      description: true,
      introspectionJson: true,
    }).strict(),
    ASKS,
  ),
  tool(
    'mcp.probeEndpoint',
    'Ask an MCP server over HTTP what it is; saves nothing.',
    ProbeMcpInput.strict(),
  ),
  tool(
    'mcp.getServer',
    'Get an MCP server of the catalog and how it is reached.',
    z.object({ slug: Slug }).strict(),
  ),
  tool(
    'mcp.addSource',
    'Add an MCP server over HTTP and connect it without a credential.',
    z
      .object({
        endpoint: z.string(),
        namespace: z.string().optional(),
        name: z.string().optional(),
      })
      .strict(),
    ASKS,
  ),
  tool(
    'mcp.addServer',
    'Add an MCP server to the catalog: over HTTP by its endpoint, or as a process by its command.',
    z
      .object({
        transport: z.enum(['remote', 'stdio']).default('remote'),
        name: z.string().optional(),
        slug: z.string().optional(),
        description: z.string().optional(),
        endpoint: z.string().optional().describe('For remote servers'),
        remoteTransport: McpRemoteTransport.optional(),
        headers: z.record(z.string(), z.string()).optional().describe('Nothing secret'),
        queryParams: z.record(z.string(), z.string()).optional().describe('Nothing secret'),
        authenticationTemplate: z.array(McpAuthTemplate).optional(),
        auth: McpAuthTemplate.optional(),
        command: z.string().optional().describe('For servers that are started'),
        args: z.array(z.string()).optional(),
        env: z.record(z.string(), z.string()).optional().describe('Nothing secret'),
        envVars: z
          .array(z.string())
          .optional()
          .describe('Names of variables with secrets, which a connection brings'),
        cwd: z.string().optional(),
      })
      .strict()
      .refine(({ env = {}, envVars = [] }) => envVars.every((name) => !Object.hasOwn(env, name)), {
        error: 'a secret is no argument: a person enters it behind a hand-off link',
        path: ['env'],
      }),
    ASKS,
  ),
]

/** The core tool at an address (`executor.openapi.addSpec`, with or without `tools.`), or null. */
export function findCoreTool(address: string): CoreTool | null {
  const path = address.startsWith('tools.') ? address.slice('tools.'.length) : address
  if (!isCorePath(path)) return null
  const name = path.slice(CORE_INTEGRATION.length + 1)
  return CORE_TOOLS.find((candidate) => candidate.name === name) ?? null
}
