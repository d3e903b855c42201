import { ServiceError } from '@executor/contracts'
import type { LocalNetworkAccess } from '@executor/egress'

const LOOPBACK = /^(localhost|127(?:\.\d{1,3}){3}|\[::1\]|.+\.localhost)$/

/**
 * Whether a URL may be an endpoint of OAuth: `https`, and `http` where it can only mean this machine,
 * or a network that whoever runs the instance opened. Where it leads to, the egress guard judges.
 */
export function isEndpointUrl(url: string, access: LocalNetworkAccess): boolean {
  const parsed = URL.parse(url)
  if (parsed?.username !== '' || parsed.password !== '') return false
  if (parsed.protocol === 'https:') return true
  if (parsed.protocol !== 'http:' || access === 'none') return false
  return access === 'all' || LOOPBACK.test(parsed.hostname)
}

/** A browser is sent there and requests with secrets are: throws `oauth_url_invalid`. */
export function assertEndpointUrl(url: string, what: string, access: LocalNetworkAccess): void {
  if (isEndpointUrl(url, access)) return
  throw new ServiceError(
    'invalid_argument',
    'oauth_url_invalid',
    `The ${what} "${url.slice(0, 200)}" cannot be used: it has to begin with https://.`,
  )
}

const CALLBACK_PATH = '/api/oauth/callback'

/** Codes are sent to our own callback alone, or to a program of this machine. */
export function assertRedirectUri(redirectUri: string): void {
  const parsed = URL.parse(redirectUri)
  const isWeb = parsed?.protocol === 'https:' || parsed?.protocol === 'http:'
  const isPlain = parsed?.hash === '' && parsed.username === '' && parsed.password === ''
  const isOurs = parsed?.pathname === CALLBACK_PATH || LOOPBACK.test(parsed?.hostname ?? '')
  if (isWeb && isPlain && isOurs) return
  throw new ServiceError(
    'invalid_argument',
    'oauth_redirect_invalid',
    `Sign-ins do not come back to "${redirectUri.slice(0, 200)}". Leave it out: they come back to ${CALLBACK_PATH}.`,
  )
}
