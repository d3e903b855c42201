import { ServiceError } from '@executor/contracts'
import { z } from 'zod'

/** Checks what came from outside; throws `invalid_argument` that names the field. */
export function parseInput<T extends z.ZodType>(schema: T, input: unknown): z.output<T> {
  const parsed = schema.safeParse(input)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const path = issue?.path.join('.')
  throw new ServiceError(
    'invalid_argument',
    'graphql_input_invalid',
    `The input cannot be used${path ? ` (${path})` : ''}: ${issue?.message ?? 'it is malformed'}.`,
    { details: { issues: z.flattenError(parsed.error).fieldErrors } },
  )
}

/** The address queries are sent to; credentials have no place in it. */
export function parseEndpoint(text: string): string {
  const url = URL.parse(text.trim())
  if (url && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '') {
    return url.href.split('#', 1)[0] ?? url.href
  }
  throw new ServiceError(
    'invalid_argument',
    'graphql_endpoint_invalid',
    `"${text.slice(0, 200)}" is no endpoint. Give an address that starts with https:// or http://, without a user name.`,
  )
}

/** Parts of a host that say nothing of whose it is. */
const GENERAL = new Set([
  'api',
  'app',
  'backend',
  'data',
  'gateway',
  'gql',
  'graphql',
  'public',
  'www',
])
const COUNTRY_SECOND_LEVEL = /^(?:ac|co|com|edu|gov|net|org)$/

/** `https://api.github.com/graphql` is `Github`; a machine without a name is `GraphQL`. */
export function nameOf(endpoint: string): string {
  const host = URL.parse(endpoint)?.hostname ?? ''
  if (!/[a-z]/i.test(host) || host.startsWith('[')) return FALLBACK_NAME
  const labels = host.split('.').slice(0, -1)
  const telling = labels.filter(
    (label) =>
      !GENERAL.has(label) && !(label === labels.at(-1) && COUNTRY_SECOND_LEVEL.test(label)),
  )
  const own = telling.at(-1)
  return own ? own.charAt(0).toUpperCase() + own.slice(1) : FALLBACK_NAME
}

/** Of a schema that nobody has named. */
export const FALLBACK_NAME = 'GraphQL'
