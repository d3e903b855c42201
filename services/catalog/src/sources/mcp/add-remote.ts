import {
  type AddRemoteMcpInput,
  type McpConfig,
  type McpDiscovery,
  ServiceError,
  Slug,
} from '@executor/contracts'
import { toNamedMethods } from '../graphql/auth-methods.ts'
import { type AddedSource, type SourceContext, toSlug } from '../source.ts'
import { detectMethods } from './auth-methods.ts'
import { toImported, untold } from './imported.ts'
import { parseEndpoint, parseInput } from './input.ts'
import type { OfferSource } from './offer-source.ts'

/** A server over HTTP. One that refuses strangers, or is away, can be added all the same. */
export async function addRemote(
  offers: OfferSource,
  given: AddRemoteMcpInput,
  context: SourceContext,
): Promise<AddedSource> {
  const slug = given.slug === undefined ? undefined : parseInput(Slug, given.slug)
  const { remoteTransport, headers = {}, queryParams = {} } = given
  const endpoint = parseEndpoint(given.endpoint)
  const config: McpConfig = { transport: 'remote', endpoint, remoteTransport, headers, queryParams }
  const templates = given.authenticationTemplate ?? (given.auth ? [given.auth] : undefined)
  const { discovery, warnings } = await askOrWait(offers, config, context)
  const authMethods = templates ? toNamedMethods(templates) : detectMethods(discovery)
  const connected = discovery?.status === 'connected' ? discovery : null
  const read = connected
    ? await offers.read(connected.offer, context)
    : await offers.readNothing(context)
  const imported = toImported(read, { config, authMethods, discovery: connected })
  const name = given.name ?? imported.title
  return {
    ...imported,
    name,
    suggestedSlug: toSlug(name),
    description: given.description ?? imported.description,
    warnings: [...imported.warnings, ...warnings],
    ...(slug === undefined ? {} : { slug }),
  }
}

async function askOrWait(
  offers: OfferSource,
  config: McpConfig,
  context: SourceContext,
): Promise<{ discovery: McpDiscovery | null; warnings: string[] }> {
  try {
    const discovery = await offers.ask('offer', { config, authMethods: [] }, context)
    const isTold = discovery.status === 'connected'
    return { discovery, warnings: isTold ? [] : [untold(config).message] }
  } catch (error) {
    if (!isAway(error)) throw error
    return { discovery: null, warnings: [error.message] }
  }
}

/** It cannot be reached now; not: it must not be, or nobody waits any more. */
export function isAway(error: unknown): error is ServiceError {
  return (
    error instanceof ServiceError &&
    (error.reason === 'mcp_connection_failed' || error.reason.startsWith('upstream_'))
  )
}
