import { type AuthMethod, type McpConfig, ServiceError } from '@executor/contracts'
import { type ImportedSource, toSlug } from '../source.ts'
import { nameOfCommand, nameOfEndpoint } from './input.ts'
import type { Connected, ReadOffer } from './offer-source.ts'

const TITLE_CHARS_MAX = 256
const DESCRIPTION_CHARS_MAX = 1_000
const INSTRUCTIONS_CHARS_MAX = 16_384

/** What a server offers, with what it says of itself. */
export function toImported(
  { snapshot, summary, close }: ReadOffer,
  told: { config: McpConfig; authMethods: AuthMethod[]; discovery: Connected | null },
): ImportedSource {
  const { config, authMethods, discovery } = told
  const { server, instructions } = discovery ?? {}
  const own =
    config.transport === 'remote'
      ? nameOfEndpoint(config.endpoint)
      : nameOfCommand(config.command, config.args)
  const title = (server?.title ?? server?.name ?? own).slice(0, TITLE_CHARS_MAX)
  return {
    title,
    description: (instructions ?? '').slice(0, DESCRIPTION_CHARS_MAX),
    suggestedSlug: toSlug(title),
    snapshot,
    authMethods,
    config: {
      ...config,
      ...(server ? { serverName: server.name, serverVersion: server.version } : {}),
      ...(instructions === undefined
        ? {}
        : { instructions: instructions.slice(0, INSTRUCTIONS_CHARS_MAX) }),
    } satisfies McpConfig,
    ...(config.transport === 'remote' ? { displayUrl: config.endpoint } : {}),
    canRefresh: true,
    warnings: summary.warnings,
    close,
  }
}

/** Not `unauthenticated`: it is the server that does not know who asks. */
export function untold(config: McpConfig): ServiceError {
  const whom = config.transport === 'remote' ? URL.parse(config.endpoint)?.host : config.command
  return new ServiceError(
    'failed_precondition',
    'mcp_credential_needed',
    `${whom} lists its tools only for accounts it knows. Connect one; its tools appear then.`,
  )
}
