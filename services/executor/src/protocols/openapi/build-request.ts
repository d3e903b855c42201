import type { JsonObject, OpenapiConfig } from '@executor/contracts'
import type { RenderedCredential } from '../credential.ts'
import { bindingError, invalidArgument } from '../failures.ts'
import { writeBody } from './body.ts'
import { encodeStrict } from './encode.ts'
import type { OperationPlan, PairParameter } from './plan.ts'
import { type Base, chooseBase, hasDotSegment, resolveBase } from './servers.ts'

/** One request, ready to be sent. */
export interface BuiltRequest {
  method: string
  url: { origin: string; path: string }
  /** Names in lower case. */
  headers: Record<string, string>
  body: string | Uint8Array | undefined
  /** What must stay with its origin. */
  credentials: { headers: string[]; query: string[] }
}

/**
 * Fills a plan in. Pure: what is wrong with the arguments is thrown as `invalid_tool_arguments`,
 * what is wrong with the description as `binding_error`.
 */
export function buildRequest(
  plan: OperationPlan,
  config: OpenapiConfig,
  credential: RenderedCredential,
  args: JsonObject,
): BuiltRequest {
  const base = baseOf(plan, config, args)
  const query = buildQuery(plan, config, base, credential, args)
  const path = base.path + buildPath(plan, args) || '/'
  const body = writeBody(plan, args)
  const headers = buildHeaders(plan, config, credential, args)
  if (body) headers['content-type'] = body.contentType
  return {
    method: plan.method,
    url: { origin: base.origin, path: joinQuery(path, query) },
    headers,
    body: body?.bytes,
    credentials: {
      headers: Object.keys(credential.headers),
      query: credential.query.map(([name]) => name),
    },
  }
}

const bases = new WeakMap<OpenapiConfig, WeakMap<OperationPlan, Base>>()

function baseOf(plan: OperationPlan, config: OpenapiConfig, args: JsonObject): Base {
  const servers = plan.servers ?? config.servers
  const choice = own(args, 'server')
  if (choice !== undefined && !plan.containers.arguments.has('server'))
    return chooseBase(config, servers, choice)
  const known = bases.get(config)?.get(plan)
  if (known) return known
  const base = resolveBase(config, servers)
  const ofConfig = bases.get(config) ?? new WeakMap<OperationPlan, Base>()
  bases.set(config, ofConfig.set(plan, base))
  return base
}

function buildPath(plan: OperationPlan, args: JsonObject): string {
  let path = ''
  for (const part of plan.path) {
    if (typeof part === 'string') {
      path += part
      continue
    }
    const value = own(args, part.argument)
    if (value === undefined || value === null)
      throw invalidArgument(part.argument, 'is missing: it is part of the path')
    path += part.write(value)
  }
  if (path !== '' && !path.startsWith('/')) path = `/${path}`
  if ((path.includes('/.') || path.includes('/%2')) && hasDotSegment(path))
    throw dotSegmentError(plan, path)
  return path
}

function dotSegmentError(plan: OperationPlan, path: string) {
  const [first] = plan.path.filter((part) => typeof part !== 'string')
  return first
    ? invalidArgument(first.argument, 'would lead to another path: "." and ".." are no names')
    : bindingError(`The path ${path.slice(0, 200)} of the description leads out of itself.`)
}

function buildQuery(
  plan: OperationPlan,
  config: OpenapiConfig,
  base: Base,
  credential: RenderedCredential,
  args: JsonObject,
): string {
  const pairs: string[] = base.query === '' ? [] : [base.query]
  collectPairs(plan.query, args, pairs)
  // What the call says wins over what the integration says for every call.
  for (const name in config.queryParams) {
    const key = `${encodeStrict(name)}=`
    const isGiven = pairs.some((pair) => pair.startsWith(key))
    if (!isGiven) pairs.push(key + encodeStrict(config.queryParams[name] ?? ''))
  }
  for (const [name, value] of credential.query)
    pairs.push(`${encodeStrict(name)}=${encodeStrict(value)}`)
  return pairs.join('&')
}

function collectPairs(
  parameters: readonly PairParameter[],
  args: JsonObject,
  pairs: string[],
): void {
  for (const { argument, write } of parameters) {
    const value = own(args, argument)
    if (value !== undefined) pairs.push(...write(value))
  }
}

function buildHeaders(
  plan: OperationPlan,
  config: OpenapiConfig,
  credential: RenderedCredential,
  args: JsonObject,
): Record<string, string> {
  const headers: Record<string, string> = { accept: plan.accept }
  for (const name in config.headers) headers[name.toLowerCase()] = config.headers[name] ?? ''
  for (const { argument, name, write } of plan.headers) {
    const value = own(args, argument)
    if (value !== undefined && value !== null) headers[name] = write(value)
  }
  Object.assign(headers, credential.headers)
  const cookies: string[] = headers.cookie === undefined ? [] : [headers.cookie]
  collectPairs(plan.cookies, args, cookies)
  for (const [name, value] of credential.cookies) cookies.push(`${name}=${cookieText(value)}`)
  if (cookies.length > 0) headers.cookie = cookies.join('; ')
  return headers
}

/** Descriptions put parts of the query into paths to tell operations apart. */
function joinQuery(path: string, query: string): string {
  if (query === '') return path
  return `${path}${path.includes('?') ? '&' : '?'}${query}`
}

/** RFC 6265's cookie octets go as they are; the rest would end the cookie. */
export function cookieText(value: string): string {
  return /^[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*$/.test(value) ? value : encodeStrict(value)
}

function own(args: JsonObject, name: string): unknown {
  return Object.hasOwn(args, name) ? args[name] : undefined
}
