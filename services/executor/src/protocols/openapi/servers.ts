import type { OpenapiConfig, OpenapiServer } from '@executor/contracts'
import { bindingError, invalidArgument } from '../failures.ts'

/** Where requests go: the part of the URL before an operation's own path. */
export interface Base {
  origin: string
  /** Without a slash at its end. */
  path: string
  /** Without its question mark. */
  query: string
}

/** The integration's own choice: a person's base URL, else the first server. */
export function resolveBase(config: OpenapiConfig, servers: readonly OpenapiServer[]): Base {
  if (config.baseUrl !== undefined && config.baseUrl !== '') return parseBase(config.baseUrl)
  const [first] = servers
  if (!first)
    throw bindingError('The description names no server; set a base URL for the integration.')
  return parseBase(expand(first, {}))
}

/**
 * The server an agent asked for. It chooses among those of the description, and fills in variables
 * where that cannot send the credential to somebody else's host.
 */
export function chooseBase(
  config: OpenapiConfig,
  servers: readonly OpenapiServer[],
  choice: unknown,
): Base {
  if (config.baseUrl !== undefined && config.baseUrl !== '') return parseBase(config.baseUrl)
  const { url, variables } = parseChoice(choice)
  const server = url === undefined ? servers[0] : servers.find((known) => isSame(known, url))
  if (!server) {
    const known = servers.map((candidate) => candidate.url).join(', ')
    throw invalidArgument('server.url', `is none of the servers of this API: ${known}`)
  }
  for (const [name, value] of Object.entries(variables)) checkVariable(server, name, value)
  return parseBase(expand(server, variables))
}

function parseChoice(choice: unknown): { url?: string; variables: Record<string, string> } {
  if (typeof choice === 'string') return { url: choice, variables: {} }
  if (typeof choice !== 'object' || choice === null)
    throw invalidArgument('server', 'must be an object with url and variables')
  const { url, variables } = choice as { url?: unknown; variables?: unknown }
  const texts = Object.entries((variables ?? {}) as object).map(([name, value]) => [
    name,
    String(value),
  ])
  return {
    ...(typeof url === 'string' ? { url } : {}),
    variables: Object.fromEntries(texts) as Record<string, string>,
  }
}

function isSame(server: OpenapiServer, url: string): boolean {
  return server.url === url || expand(server, {}) === url
}

function expand({ url, variables }: OpenapiServer, values: Record<string, string>): string {
  return url.replace(/\{([^{}]+)\}/g, (_, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : variables?.[name]?.default
    return value ?? `{${name}}`
  })
}

const LABEL = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/
const PATH_TEXT = /^[\w.~!$'()*+,;=:@%/-]*$/

function checkVariable(server: OpenapiServer, name: string, value: string): void {
  const argument = `server.variables.${name}`
  const known = server.variables ?? {}
  const variable = Object.hasOwn(known, name) ? known[name] : undefined
  if (!variable || !server.url.includes(`{${name}}`))
    throw invalidArgument(argument, `is not a variable of ${server.url}`)
  if (value === variable.default) return
  if (variable.enum) {
    if (variable.enum.includes(value)) return
    throw invalidArgument(argument, `must be one of ${variable.enum.join(', ')}`)
  }
  if (isInAuthority(server.url, name)) {
    // One label before a domain that stays: `https://{tenant}.example.com`.
    if (LABEL.test(value) && fixedDomain(server.url, name)) return
    throw invalidArgument(
      argument,
      'would choose the host; a person sets it as the base URL of the integration',
    )
  }
  if (!PATH_TEXT.test(value) || hasDotSegment(`/${value}/`))
    throw invalidArgument(argument, 'has characters that a path does not take')
}

function authorityOf(url: string): string {
  return /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i.exec(url)?.[1] ?? ''
}

function isInAuthority(url: string, name: string): boolean {
  // Without a scheme of its own, everything before the path may become the host.
  return url.startsWith('{') || authorityOf(url).includes(`{${name}}`)
}

function fixedDomain(url: string, name: string): boolean {
  const [, after = ''] = authorityOf(url).split(`{${name}}`)
  return /^(?:-[A-Za-z0-9-]+|\.\{[^{}]+\})*(?:\.[A-Za-z0-9-]+){2,}(?::\d+)?$/.test(after)
}

function parseBase(url: string): Base {
  // A variable without a value would become part of a host or a path.
  const parsed = /[{}]/.test(url) ? null : URL.parse(url)
  if (!parsed || (parsed.protocol !== 'https:' && parsed.protocol !== 'http:'))
    throw bindingError(
      `"${url.slice(0, 200)}" is not a URL that can be called; set a base URL for the integration.`,
    )
  return {
    origin: parsed.origin,
    path: parsed.pathname.replace(/\/+$/, ''),
    query: parsed.search.slice(1),
  }
}

/** `/../` and its kin, encoded or not: servers fold them into other paths. */
export function hasDotSegment(path: string): boolean {
  return /\/(?:\.|%2e){1,2}(?:[/;?]|$)/i.test(path)
}
