import { ServiceError } from '@executor/contracts'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Authenticator, type Identity, toPrincipal } from '../auth/authenticator.ts'
import type { GatewayDeps } from '../deps.ts'
import { type App, principalOf } from '../http/route.ts'
import { API_HEADERS, corsHeaders, preflightHeaders } from './headers.ts'
import { createHostCheck } from './hosts.ts'
import { createOriginCheck, mayUseSession, type OriginKind } from './origins.ts'

const CHALLENGE = 'Bearer realm="executor"'
/** Wrong keys from one address in a minute, after which it is told to wait. */
const WRONG_KEYS_MAX = 20

/**
 * What every request passes before anything of it is read: which host it means, which page sent
 * it, and whose key it shows.
 */
export function registerDoor(app: App, { auth, config }: GatewayDeps): void {
  const isHostAllowed = createHostCheck(config)
  const originOf = createOriginCheck(config)
  const countWrongKey = app.createRateLimit({
    max: WRONG_KEYS_MAX,
    timeWindow: 60_000,
    keyGenerator: (request) => `wrong-key:${request.ip}`,
  })

  async function refuse(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const isWrong = keyOf(request) !== undefined
    reply.header('www-authenticate', isWrong ? `${CHALLENGE}, error="invalid_token"` : CHALLENGE)
    if (!isWrong) throw new ServiceError('unauthenticated', 'credentials_missing', SIGN_IN)
    const wrong = await countWrongKey(request)
    if (wrong.isAllowed || !wrong.isExceeded)
      throw new ServiceError('unauthenticated', 'credentials_wrong', WRONG_KEY)
    reply.header('retry-after', wrong.ttlInSeconds)
    throw new ServiceError('resource_exhausted', 'credentials_wrong', TOO_MANY_WRONG)
  }

  /** Answers a promise only where the authenticator does: most requests need none. */
  function admit(
    request: FastifyRequest,
    reply: FastifyReply,
    identity: Identity | null,
  ): Promise<void> | undefined {
    const { access, via } = request.routeOptions.config
    if (identity) request.principal = toPrincipal(identity, via ?? viaOf(request, identity))
    if (access === undefined || access === 'public') return undefined
    if (!identity) return refuse(request, reply)
    if (access === 'manage' && principalOf(request).roles.includes('agent'))
      throw new ServiceError('permission_denied', 'agent_not_allowed', NOT_FOR_AGENTS)
    return undefined
  }

  app.addHook('onRequest', (request, reply, done) => {
    reply.headers(API_HEADERS)
    const { host, origin } = request.headers
    if (!request.routeOptions.config.anyHost && !isHostAllowed(host)) throw hostRefused(host)
    const kind = originOf(origin, host)
    if (kind === 'foreign') throw originRefused(origin)
    if (origin !== undefined) reply.headers(corsHeaders(origin, kind === 'own'))
    if (request.method === 'OPTIONS') {
      reply.code(204).headers(preflightHeaders()).send()
      return
    }
    const identity = identify(auth, request, kind)
    const settled =
      identity instanceof Promise
        ? identity.then((found) => admit(request, reply, found))
        : admit(request, reply, identity)
    if (settled instanceof Promise) settled.then(() => done(), done)
    else done()
  })
}

function identify(
  auth: Authenticator,
  request: FastifyRequest,
  origin: OriginKind,
): Identity | null | Promise<Identity | null> {
  const key = keyOf(request)
  if (key !== undefined) return auth.identify({ key, cookie: undefined })
  const { cookie } = request.headers
  const fetchSite = request.headers['sec-fetch-site']
  const counts =
    cookie !== undefined &&
    request.routeOptions.config.via !== 'mcp' &&
    mayUseSession(request.method, origin, typeof fetchSite === 'string' ? fetchSite : undefined)
  return counts ? auth.identify({ key: undefined, cookie }) : null
}

/** The key that a request shows, as a bearer or as an API key. */
function keyOf(request: FastifyRequest): string | undefined {
  const { authorization } = request.headers
  if (authorization !== undefined) {
    const [scheme = '', ...rest] = authorization.split(' ')
    return scheme.toLowerCase() === 'bearer' ? rest.join(' ').trim() : ''
  }
  const apiKey = request.headers['x-api-key']
  return typeof apiKey === 'string' ? apiKey : undefined
}

function viaOf(request: FastifyRequest, identity: Identity): 'console' | 'cli' | 'sdk' | 'rest' {
  if (identity.by === 'session') return 'console'
  const client = request.headers['x-executor-client']
  return client === 'cli' || client === 'sdk' ? client : 'rest'
}

const SIGN_IN =
  'Sign in first: send a key as "Authorization: Bearer <key>", or open the signed-in link that the server printed when it started.'
const WRONG_KEY = 'This key is not one of this instance. Copy the one that the server printed.'
const TOO_MANY_WRONG = 'Too many wrong keys came from this address. Wait, then use the right one.'
const NOT_FOR_AGENTS =
  "This is the agents' key: it calls and reads, and changes nothing. Use the owner's key, or ask a person."

function hostRefused(host: string | undefined): ServiceError {
  return new ServiceError(
    'permission_denied',
    'host_not_allowed',
    `This instance is not called "${(host ?? '').slice(0, 100)}". If it should be, add the name to EXECUTOR_ALLOWED_HOSTS (or --allowed-host), or set EXECUTOR_WEB_BASE_URL.`,
  )
}

function originRefused(origin: string | undefined): ServiceError {
  return new ServiceError(
    'permission_denied',
    'origin_not_allowed',
    `Pages of ${(origin ?? '').slice(0, 100)} may not use this instance. If that is where people reach it, set EXECUTOR_WEB_BASE_URL to it.`,
  )
}
