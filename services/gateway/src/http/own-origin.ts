import type { FastifyRequest } from 'fastify'
import type { GatewayConfig } from '../deps.ts'

/** How people reach this instance; where nobody said, it is where the request came to, whose name the door has checked. */
export function ownOrigin(
  { protocol, host }: Pick<FastifyRequest, 'protocol' | 'host'>,
  { origin }: Pick<GatewayConfig, 'origin'>,
): string {
  return new URL(origin ?? `${protocol}://${host}`).origin
}

export const CALLBACK_PATH = '/api/oauth/callback'
