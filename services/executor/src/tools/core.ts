import type { Bus } from '@executor/bus'
import {
  AddOpenapiInput,
  type CoreTool,
  catalog,
  connections,
  findCoreTool,
  isAgent,
  isCorePath,
  NO_AUTH_TEMPLATE,
  policy,
} from '@executor/contracts'
import type { z } from 'zod'
import { oauthRuns } from './core-oauth.ts'
import { toToolError } from './failure.ts'
import { type Handoff, handoffUrl } from './handoff-url.ts'
import {
  type CallOptions,
  failureAnswer,
  successAnswer,
  type ToolFamily,
  toolNotFound,
} from './tool.ts'

interface CoreDeps {
  bus: Bus
  /** Where people open the console. */
  webBaseUrl: () => string
}
type Run = (input: never, options: CallOptions) => Promise<unknown>

/** The product's own tools, answered by its services over the bus. */
export function coreTools(deps: CoreDeps): ToolFamily {
  const runs = coreRuns(deps)
  return {
    owns: isCorePath,
    async find(path, args, options) {
      const tool = findCoreTool(path)
      const run = tool && runs[tool.name]
      if (!tool || !run)
        return { failure: toolNotFound(path, await suggest(deps.bus, path, options)) }
      const parsed = tool.input.safeParse(args)
      if (!parsed.success)
        return { failure: { code: 'invalid_tool_arguments', message: explain(tool, parsed.error) } }
      return {
        path,
        readOnly: !tool.requiresApproval,
        // A person who calls it is the approval.
        requiresApproval: tool.requiresApproval && isAgent(options.principal),
        alwaysAsksAgents: tool.requiresApproval,
        summary: tool.description,
        async send(sendOptions) {
          try {
            return successAnswer(await run(parsed.data as never, sendOptions))
          } catch (error) {
            return failureAnswer(toToolError(error))
          }
        },
      }
    },
  }
}

function suggest(bus: Bus, address: string, { principal, signal }: CallOptions): Promise<string[]> {
  return bus.request(catalog.suggestTools, { address }, { principal, signal })
}

function explain(tool: CoreTool, error: z.ZodError): string {
  const problems = error.issues.map(
    (issue) => `${issue.path.join('.') || 'arguments'}: ${issue.message}`,
  )
  return `${tool.name} does not take these arguments. ${problems.join('; ')}`
}

function coreRuns({ bus, webBaseUrl }: CoreDeps): Record<string, Run> {
  return {
    'coreTools.integrations.list': async (_, options) =>
      (await bus.request(catalog.listIntegrations, {}, options)).items,
    'coreTools.integrations.detect': ({ url, input }: { url?: string; input?: string }, options) =>
      bus.request(catalog.detectSource, { input: url ?? input ?? '' }, options),
    'coreTools.integrations.changes': async (input: { slug: string; limit: number }, options) =>
      (await bus.request(catalog.listChanges, input, options)).items,
    'coreTools.integrations.review': (input: { slug: string }, options) =>
      bus.request(catalog.listHeldOperations, input, options),
    'coreTools.connections.list': async (input: object, options) =>
      (await bus.request(connections.listConnections, input, options)).items,
    'coreTools.connections.create': (input: Parameters<typeof create>[1], options) =>
      create(bus, input, options),
    'coreTools.connections.createHandoff': async (input: Handoff) => ({
      url: handoffUrl(webBaseUrl(), input),
    }),
    'coreTools.connections.remove': (input: ConnectionKey, options) =>
      bus.request(connections.removeConnection, input, options),
    'coreTools.connections.refresh': ({ name, ...account }: ConnectionKey, options) =>
      bus.request(catalog.refreshConnection, { ...account, connection: name }, options),
    ...oauthRuns(bus, webBaseUrl),
    'coreTools.providers.items': (input: { key: string }, options) =>
      bus.request(connections.listProviderItems, input, options),
    'coreTools.providers.list': (_, options) => bus.request(connections.listProviders, {}, options),
    'coreTools.policies.list': async (_, options) =>
      (await bus.request(policy.listRules, {}, options)).items,
    'coreTools.policies.create': (input: z.input<typeof policy.createRule.input>, options) =>
      bus.request(policy.createRule, input, options),
    'coreTools.policies.update': (input: z.input<typeof policy.updateRule.input>, options) =>
      bus.request(policy.updateRule, input, options),
    'coreTools.policies.remove': (input: z.input<typeof policy.removeRule.input>, options) =>
      bus.request(policy.removeRule, input, options),
    'openapi.previewSpec': ({ spec }: { spec: string }, options) =>
      bus.request(
        catalog.previewSource,
        { kind: 'openapi', input: { spec: toSpec(spec) } },
        options,
      ),
    'openapi.addSpec': ({ spec, ...rest }: { spec: string }, options) =>
      bus.request(
        catalog.addIntegration,
        { kind: 'openapi', input: AddOpenapiInput.parse({ spec: toSpec(spec), ...rest }) },
        options,
      ),
    'openapi.addSource': ({ spec, namespace: slug, ...rest }: SpecSource, options) =>
      addSource(bus, { kind: 'openapi', input: { spec: toSpec(spec), slug, ...rest } }, options),
    'graphql.getIntegration': (input: { slug: string }, options) =>
      bus.request(catalog.getIntegrationSettings, input, options),
    'graphql.addIntegration': (input: object, options) =>
      bus.request(catalog.addIntegration, { kind: 'graphql', input }, options),
    'mcp.probeEndpoint': (input: object, options) =>
      bus.request(catalog.previewSource, { kind: 'mcp', input }, options),
    'mcp.getServer': (input: { slug: string }, options) =>
      bus.request(catalog.getIntegrationSettings, input, options),
    'mcp.addSource': ({ namespace: slug, ...rest }: ServerSource, options) =>
      addSource(bus, { kind: 'mcp', input: { slug, ...rest } }, options),
    'mcp.addServer': (input: object, options) =>
      bus.request(catalog.addIntegration, { kind: 'mcp', input }, options),
  }
}

interface ConnectionKey {
  owner: 'org' | 'user'
  integration: string
  name: string
}
interface SpecSource {
  spec: string
  namespace?: string
  name?: string
  baseUrl?: string
}
interface ServerSource {
  endpoint: string
  namespace?: string
  name?: string
}

function create(
  bus: Bus,
  input: z.input<typeof connections.createConnection.input>,
  options: CallOptions,
) {
  return bus.request(connections.createConnection, input, options)
}

/** An integration and an account without a credential, which is all that many need. */
async function addSource(bus: Bus, source: { kind: string; input: object }, options: CallOptions) {
  const added = await bus.request(catalog.addIntegration, source, options)
  const { authMethods } = await bus.request(catalog.getIntegration, { slug: added.slug }, options)
  const open = authMethods.every((method) => method.kind === 'none')
  const connection = await bus.request(
    connections.createConnection,
    { owner: 'org', integration: added.slug, name: 'default', template: NO_AUTH_TEMPLATE },
    options,
  )
  return {
    ...added,
    connection: connection.address,
    ...(open ? {} : { note: 'It asks for a credential: add a connection that holds yours.' }),
  }
}

function toSpec(spec: string): { kind: 'url'; url: string } | { kind: 'blob'; value: string } {
  return /^https?:\/\/\S+$/.test(spec.trim())
    ? { kind: 'url', url: spec.trim() }
    : { kind: 'blob', value: spec }
}
