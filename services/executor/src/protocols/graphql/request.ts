import type { GraphqlConfig } from '@executor/contracts'
import type { EgressRequest } from '@executor/egress'
import type { RenderedCredential } from '../credential.ts'
import { bindingError } from '../failures.ts'
import { cookieText } from '../openapi/build-request.ts'
import { encodeStrict } from '../openapi/encode.ts'

export type GraphqlRequest = Pick<
  EgressRequest,
  'url' | 'method' | 'headers' | 'body' | 'credentials'
>

/** Newer servers answer in a media type of their own, which says more by its status (GraphQL over HTTP, 6). */
const ACCEPT = 'application/graphql-response+json, application/json;q=0.9'

/** A POST with a body that is JSON text already; whatever is secret stays with its origin. */
export function buildRequest(
  config: GraphqlConfig,
  credential: RenderedCredential,
  body: string,
): GraphqlRequest {
  const headers: Record<string, string> = { accept: ACCEPT }
  for (const name in config.headers) headers[name.toLowerCase()] = config.headers[name] ?? ''
  Object.assign(headers, credential.headers)
  headers['content-type'] = 'application/json'
  const cookies = credential.cookies.map(([name, value]) => `${name}=${cookieText(value)}`)
  if (cookies.length > 0)
    headers.cookie = [headers.cookie, ...cookies].filter((part) => part !== undefined).join('; ')
  return {
    url: buildUrl(config, credential),
    method: 'POST',
    headers,
    body,
    credentials: {
      headers: Object.keys(credential.headers),
      query: credential.query.map(([name]) => name),
    },
  }
}

function buildUrl(
  { endpoint, queryParams }: GraphqlConfig,
  { query }: RenderedCredential,
): { origin: string; path: string } {
  const url = URL.parse(endpoint)
  if (!url || !/^https?:$/.test(url.protocol))
    throw bindingError(
      `"${endpoint.slice(0, 200)}" is not a URL that can be called; set the endpoint of the integration.`,
    )
  const secret = new Set(query.map(([name]) => name))
  const pairs = [
    ...(url.search.length > 1 ? [url.search.slice(1)] : []),
    ...Object.entries(queryParams)
      .filter(([name]) => !secret.has(name))
      .concat(query)
      .map(([name, value]) => `${encodeStrict(name)}=${encodeStrict(value)}`),
  ]
  const search = pairs.length > 0 ? `?${pairs.join('&')}` : ''
  return { origin: url.origin, path: `${url.pathname}${search}` }
}
