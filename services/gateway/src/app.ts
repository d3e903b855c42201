import { invariant, ServiceError } from '@executor/contracts'
import rateLimit from '@fastify/rate-limit'
import fastify from 'fastify'
import type { GatewayDeps } from './deps.ts'
import { registerDoor } from './edge/door.ts'
import { registerDraining } from './edge/draining.ts'
import { registerFailures, sendMalformed } from './edge/failures.ts'
import { watchMethods } from './edge/methods.ts'
import { registerTracing } from './edge/tracing.ts'
import { NO_COMPILERS, registerValidation } from './edge/validation.ts'
import { registerConnections } from './http/connections.ts'
import { registerConsole } from './http/console.ts'
import { registerDocuments } from './http/documents.ts'
import { registerEvents, registerSockets } from './http/events.ts'
import { registerExecutions } from './http/executions.ts'
import { registerGraphql } from './http/graphql.ts'
import { registerHealth } from './http/health.ts'
import { registerIntegrations } from './http/integrations.ts'
import { registerMcpServers } from './http/mcp.ts'
import { registerOauth } from './http/oauth.ts'
import { registerOpenapi } from './http/openapi.ts'
import { registerPolicies } from './http/policies.ts'
import { registerProviders } from './http/providers.ts'
import { registerRefresh } from './http/refresh.ts'
import type { App } from './http/route.ts'
import { registerRuns } from './http/runs.ts'
import { registerSession } from './http/session.ts'
import { registerSignIn } from './http/sign-in.ts'
import { registerTools } from './http/tools.ts'
import { registerMcp } from './mcp/endpoint.ts'

const BODY_BYTES_MAX = 1024 * 1024
/** Milliseconds in which a whole request must have arrived; a 60 MiB document over a slow line. */
const RECEIVE_MS_MAX = 120_000
/** Longer than proxies keep idle connections, so that they close first and no request is lost. */
const KEEP_ALIVE_MS = 72_000
/** The longest name or address that is a part of a path. */
const PATH_PART_CHARS_MAX = 1100
/** Far above what agents do, far below what hurts. */
const REQUESTS_PER_MINUTE = 600_000

/** The only door: everything a person or an agent can ask, not yet listening. */
export async function createGateway(deps: GatewayDeps): Promise<App> {
  const { auth, config, log } = deps
  const app = createServer()
  await registerSockets(app)
  registerDraining(app)
  app.decorateRequest('principal', null)
  registerTracing(app)
  registerValidation(app)
  registerFailures(app, log)
  await app.register(rateLimit, {
    max: config.requestsPerMinute ?? REQUESTS_PER_MINUTE,
    timeWindow: 60_000,
    keyGenerator: ({ principal, ip }) =>
      principal ? `${principal.tenant} ${principal.subject} ${principal.roles[0]}` : ip,
    addHeadersOnExceeding: {
      'x-ratelimit-limit': false,
      'x-ratelimit-remaining': false,
      'x-ratelimit-reset': false,
    },
    errorResponseBuilder: (_request, { after }) =>
      new ServiceError(
        'resource_exhausted',
        'rate_limited',
        `Too many requests. Try again in ${after}.`,
      ),
  })
  registerDoor(app, deps)
  registerSignIn(app, auth)
  requireAccess(app)
  const methodsOf = watchMethods(app)
  registerDocuments(app, config.version)

  registerHealth(app, config.version)
  registerSession(app, auth)
  registerTools(app, deps)
  registerIntegrations(app, deps)
  registerRefresh(app, deps)
  registerConnections(app, deps)
  registerOauth(app, deps)
  registerProviders(app, deps)
  registerPolicies(app, deps)
  registerOpenapi(app, deps)
  registerGraphql(app, deps)
  registerMcpServers(app, deps)
  registerExecutions(app, deps)
  registerRuns(app, deps)
  await registerMcp(app, deps)
  await registerEvents(app, deps)
  await registerConsole(app, config.webRoot, methodsOf)
  return app
}

function createServer(): App {
  const app: App = fastify({
    logger: false,
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout: RECEIVE_MS_MAX,
    keepAliveTimeout: KEEP_ALIVE_MS,
    // While it drains, what still arrives on open connections is answered, and the connection closed.
    return503OnClosing: false,
    frameworkErrors: sendMalformed,
    schemaController: NO_COMPILERS,
    routerOptions: { maxParamLength: PATH_PART_CHARS_MAX },
  })
  // A form's content types need no preflight, so no page may send us one.
  app.removeAllContentTypeParsers()
  const parseJson = app.getDefaultJsonParser('error', 'error')
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'string' },
    (request, body: string, done) => {
      if (body === '') done(null, undefined)
      else void parseJson(request, body, done)
    },
  )
  return app
}

/** Forgetting to say who may use a route must not open it. */
function requireAccess(app: App): void {
  app.addHook('onRoute', ({ url, config }) => {
    const isGuarded = url.startsWith('/api') || url.startsWith('/mcp')
    invariant(!isGuarded || config?.access !== undefined, `${url} does not say who may use it`)
  })
}
