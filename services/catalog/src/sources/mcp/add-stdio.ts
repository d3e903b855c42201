import {
  type AddStdioMcpInput,
  type McpConfig,
  type McpDiscovery,
  ServiceError,
  Slug,
} from '@executor/contracts'
import { type AddedSource, type SourceContext, toSlug } from '../source.ts'
import { environmentMethods } from './auth-methods.ts'
import { toImported } from './imported.ts'
import { parseInput } from './input.ts'
import type { OfferSource } from './offer-source.ts'

/**
 * A server that is started for it, and the shared account `default` to call it with, unless a secret
 * of it is missing. One with secrets is asked what it offers once there is an account that holds them.
 */
export async function addStdio(
  offers: OfferSource,
  given: AddStdioMcpInput,
  context: SourceContext,
): Promise<AddedSource> {
  const slug = given.slug === undefined ? undefined : parseInput(Slug, given.slug)
  const authMethods = environmentMethods(given.envVars)
  const { env, account } = splitEnvironment(given)
  const { command, args, cwd } = given
  const config: McpConfig = {
    transport: 'stdio',
    command,
    args,
    env,
    ...(cwd === undefined ? {} : { cwd }),
  }
  const isOpen = authMethods.every(({ kind }) => kind === 'none')
  const discovery = await offers.ask(isOpen ? 'offer' : 'leave', { config, authMethods }, context)
  const connected = discovery.status === 'connected' ? discovery : null
  const read = connected
    ? await offers.read(connected.offer, context)
    : await offers.readNothing(context)
  if (isOpen && !connected) throw unexpected(discovery)
  const imported = toImported(read, { config, authMethods, discovery: connected })
  const name = given.name ?? imported.title
  return {
    ...imported,
    name,
    suggestedSlug: toSlug(name),
    description: given.description ?? imported.description,
    ...(account ? { account } : {}),
    ...(slug === undefined ? {} : { slug }),
  }
}

/** What is secret goes to a connection, and into no setting. */
function splitEnvironment({ envVars = [], env: given = {} }: AddStdioMcpInput): {
  env: Record<string, string>
  account: AddedSource['account'] | null
} {
  const names = envVars.map((variable) => (typeof variable === 'string' ? variable : variable.name))
  if (names.length === 0) return { env: given, account: { template: 'none' } }
  const isSecret = new Set(names)
  const env = Object.fromEntries(Object.entries(given).filter(([name]) => !isSecret.has(name)))
  const values = Object.fromEntries(
    names.flatMap((name) => (given[name] ? [[name, given[name]] as const] : [])),
  )
  const isWhole = names.every((name) => Object.hasOwn(values, name))
  return { env, account: isWhole ? { template: 'env', values } : null }
}

function unexpected({ status }: McpDiscovery): ServiceError {
  return new ServiceError(
    'internal',
    'internal',
    `A server that is started was ${status} when it was asked what it offers.`,
  )
}
