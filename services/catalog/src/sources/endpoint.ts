import { ServiceError } from '@executor/contracts'

/** The address that calls are sent to; credentials have no place in it. Throws `invalid_argument` with the reason. */
export function parseEndpointUrl(text: string, reason: string): string {
  const url = URL.parse(text.trim())
  if (url && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '') {
    return url.href.split('#', 1)[0] ?? url.href
  }
  throw new ServiceError(
    'invalid_argument',
    reason,
    `"${text.slice(0, 200)}" is no endpoint. Give an address that starts with https:// or http://, without a user name.`,
  )
}

/** Parts of a host that say nothing of whose it is. */
const GENERAL = ['api', 'app', 'gateway', 'www']
const COUNTRY_SECOND_LEVEL = /^(?:ac|co|com|edu|gov|net|org)$/

/** Whose an endpoint is, as far as its host tells; null for a machine without a name. `general` says no more than `api` does. */
export function findEndpointName(endpoint: string, general: readonly string[]): string | null {
  const host = URL.parse(endpoint)?.hostname ?? ''
  if (!/[a-z]/i.test(host) || host.startsWith('[')) return null
  const labels = host.split('.').slice(0, -1)
  const own = labels
    .filter((label) => !GENERAL.includes(label) && !general.includes(label))
    .filter((label) => label !== labels.at(-1) || !COUNTRY_SECOND_LEVEL.test(label))
    .at(-1)
  return own ? own.charAt(0).toUpperCase() + own.slice(1) : null
}
