import { ServiceError } from '@executor/contracts'
import type { FastifyRequest } from 'fastify'
import type { GatewayConfig } from '../deps.ts'
import { isLoopbackName } from '../edge/hosts.ts'

/** How people reach this instance; where nobody said, it is where the request came to, whose name the door has checked. */
export function ownOrigin(
  { protocol, host }: Pick<FastifyRequest, 'protocol' | 'host'>,
  { origin }: Pick<GatewayConfig, 'origin'>,
): string {
  return new URL(origin ?? `${protocol}://${host}`).origin
}

export const CALLBACK_PATH = '/api/oauth/callback'

/** Where sign-ins come back to. Programs of this machine may have them come back to themselves. */
export function toRedirectUri(
  given: string | null | undefined,
  request: Pick<FastifyRequest, 'protocol' | 'host'>,
  config: Pick<GatewayConfig, 'origin'>,
): string {
  const own = ownOrigin(request, config) + CALLBACK_PATH
  if (given == null || given === own) return own
  const { protocol, hostname = '' } = URL.parse(given) ?? {}
  if (protocol === 'http:' && isLoopbackName(hostname)) return given
  throw new ServiceError(
    'invalid_argument',
    'oauth_redirect_invalid',
    `Sign-ins come back to ${own}, and not to "${given.slice(0, 200)}".`,
  )
}
