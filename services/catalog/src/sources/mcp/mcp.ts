import {
  AddMcpInput,
  type AuthMethod,
  ConfigureMcpInput,
  type Detection,
  McpConfig,
  type McpDiscovery,
  type McpProbe,
  ProbeMcpInput,
} from '@executor/contracts'
import { mergeAuthMethods, toAuthMethods } from '../openapi/auth-templates.ts'
import { toTokens } from '../sighting.ts'
import {
  type ConfiguredSource,
  type DiscoverSource,
  type Inspection,
  type SourceKind,
  toSlug,
} from '../source.ts'
import { addRemote } from './add-remote.ts'
import { addStdio } from './add-stdio.ts'
import { detectMethods, environmentMethods } from './auth-methods.ts'
import { changeConfig } from './change-config.ts'
import { toImported, untold } from './imported.ts'
import { nameOfEndpoint, parseEndpoint, parseInput } from './input.ts'
import { judgeEndpoint } from './judge-endpoint.ts'
import { createOfferSource } from './offer-source.ts'
import { offerWorkerUrl } from './worker-url.ts'

export interface McpKindOptions {
  discover: DiscoverSource
  /** The worker's code, where a build put it elsewhere. */
  workerUrl?: URL
}

/** Servers tell when their tools change, but only while somebody talks to them. */
const STALE_AFTER_MS = 15 * 60 * 1000

/** Reads MCP servers into the catalog: over HTTP, or as processes that are started for it. */
export function createMcpKind(options: McpKindOptions): SourceKind {
  const { discover, workerUrl = offerWorkerUrl() } = options
  const offers = createOfferSource({ discover, workerUrl })

  return {
    kind: 'mcp',
    isLive: true,

    add(input, context) {
      const given = parseInput(AddMcpInput, input)
      return given.transport === 'stdio'
        ? addStdio(offers, given, context)
        : addRemote(offers, given, context)
    },

    async refresh({ config: stored, authMethods }, _input, context) {
      const config = parseInput(McpConfig, stored)
      const asked = { config, authMethods }
      const discovery = await offers.ask('offer', asked, context, context.account)
      if (discovery.status !== 'connected') throw untold(config)
      return toImported(await offers.read(discovery.offer, context), { ...asked, discovery })
    },

    configure(stored, input): ConfiguredSource {
      const { config: change, authenticationTemplate, mode } = parseInput(ConfigureMcpInput, input)
      const config = changeConfig(parseInput(McpConfig, stored.config), change ?? {})
      const authMethods = changeMethods(stored.authMethods, authenticationTemplate, mode)
      return { config, authMethods, ...displayOf(config) }
    },

    async preview(input, context): Promise<McpProbe> {
      const { endpoint: given, headers = {}, queryParams = {} } = parseInput(ProbeMcpInput, input)
      const endpoint = parseEndpoint(given)
      const config = toConfig(endpoint, headers, queryParams)
      const discovery = await offers.ask('probe', { config, authMethods: [] }, context)
      const connected = discovery.status === 'connected' ? discovery : null
      const oauth = discovery.status === 'refused' ? discovery.oauth : null
      const serverName = connected?.server?.title ?? connected?.server?.name ?? null
      const name = serverName ?? nameOfEndpoint(endpoint)
      return {
        connected: connected !== null,
        requiresAuthentication: discovery.status === 'refused',
        requiresOAuth: oauth !== null,
        supportsDynamicRegistration: oauth?.registrationUrl !== undefined,
        name,
        slug: toSlug(name),
        toolCount: connected?.toolCount ?? null,
        serverName,
        instructions: connected?.instructions ?? null,
        authMethods: detectMethods(discovery),
      }
    },

    async detect(url, context): Promise<Detection | null> {
      const parsed = URL.parse(url.trim())
      if (!parsed || !/^https?:$/.test(parsed.protocol) || parsed.username !== '') return null
      const endpoint = parseEndpoint(parsed.href)
      const judged = await judgeEndpoint(offers, toConfig(endpoint, {}, {}), context)
      if (!judged) return null
      const { confidence, discovery = null } = judged
      const server = discovery?.status === 'connected' ? discovery.server : null
      const name = server?.title ?? server?.name ?? nameOfEndpoint(endpoint)
      const found = { kind: 'mcp', confidence, endpoint, name, slug: toSlug(name) }
      return { ...found, input: { transport: 'remote', endpoint }, ...toInspection(discovery) }
    },

    async inspect(input, context): Promise<Inspection> {
      const given = parseInput(AddMcpInput, input)
      // Nothing is started for somebody who only looks.
      if (given.transport === 'stdio') return { authMethods: environmentMethods(given.envVars) }
      const { headers = {}, queryParams = {} } = given
      const config = toConfig(parseEndpoint(given.endpoint), headers, queryParams)
      return toInspection(await offers.ask('probe', { config, authMethods: [] }, context))
    },

    usualPaths: ['/mcp'],

    accountTools: {
      async discover({ config: stored, authMethods }, account, context) {
        const config = parseInput(McpConfig, stored)
        const discovery = await offers.ask('offer', { config, authMethods }, context, account)
        if (discovery.status !== 'connected') throw untold(config)
        const { snapshot, summary, close } = await offers.read(discovery.offer, context)
        return { snapshot, warnings: summary.warnings, close }
      },
      staleAfterMs: () => STALE_AFTER_MS,
    },

    close: () => offers.close(),
  }
}

function toInspection(discovery: McpDiscovery | null): Inspection {
  const authMethods = detectMethods(discovery)
  if (discovery?.status !== 'connected') return { authMethods }
  const tokens = { direct: toTokens(discovery.offer.length) }
  return { authMethods, estimate: { operations: discovery.toolCount, tokens } }
}

function toConfig(
  endpoint: string,
  headers: Record<string, string>,
  queryParams: Record<string, string>,
): McpConfig {
  return { transport: 'remote', endpoint, remoteTransport: 'auto', headers, queryParams }
}

function displayOf(config: McpConfig): { displayUrl?: string } {
  return config.transport === 'remote' ? { displayUrl: config.endpoint } : {}
}

function changeMethods(
  stored: AuthMethod[],
  templates: ConfigureMcpInput['authenticationTemplate'],
  mode: ConfigureMcpInput['mode'],
): AuthMethod[] {
  if (templates === undefined) return stored
  const given = toAuthMethods(templates)
  return mode === 'replace' ? given : mergeAuthMethods(stored, given)
}
