import type { FastifyReply } from 'fastify'
import { z } from 'zod'
import { CALLBACK_PATH, ownOrigin } from './own-origin.ts'
import type { App, RouteDeps } from './route.ts'

const tags = ['oauth']
const CACHE_SECONDS = 300
/** Programs on somebody's own machine come back to a port of it: any one (RFC 8252, 7.3). */
const LOOPBACK_CALLBACKS = ['127.0.0.1', 'localhost'].map(
  (host) => `http://${host}${CALLBACK_PATH}`,
)
const Target = z.object({ target: z.string().regex(/^[a-z0-9-]{1,64}\.json$/) })

/** Client ID metadata documents: what we are, for servers that read it instead of registering us. */
export function registerClientDocuments(app: App, { config }: RouteDeps): void {
  const path = '/api/oauth/client-id-metadata.json'
  const access = { access: 'public' } as const
  app.get(
    path,
    { config: access, schema: { tags, summary: 'Say which OAuth client this instance is' } },
    (request, reply) => {
      const origin = ownOrigin(request, config)
      return send(reply, { origin, path, redirectUris: [origin + CALLBACK_PATH] })
    },
  )
  app.get(
    '/api/oauth/client-id-metadata/:target',
    {
      config: access,
      schema: {
        tags,
        summary: 'The same for one way to run: `local.json` comes back to the machine itself',
        params: Target,
      },
    },
    (request, reply) => {
      const { target } = request.params
      const origin = ownOrigin(request, config)
      const redirectUris = target === 'local.json' ? LOOPBACK_CALLBACKS : [origin + CALLBACK_PATH]
      return send(reply, {
        origin,
        path: `/api/oauth/client-id-metadata/${target}`,
        redirectUris,
      })
    },
  )
}

interface Document {
  origin: string
  path: string
  redirectUris: string[]
}

function send(reply: FastifyReply, { origin, path, redirectUris }: Document): FastifyReply {
  return reply
    .header('cache-control', `public, max-age=${CACHE_SECONDS}`)
    .header('access-control-allow-origin', '*')
    .type('application/json; charset=utf-8')
    .send(
      JSON.stringify({
        client_id: origin + path,
        client_name: 'Executor',
        client_uri: origin,
        redirect_uris: redirectUris,
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        token_endpoint_auth_method: 'none',
        application_type: redirectUris.some((uri) => uri.startsWith('http:')) ? 'native' : 'web',
      }),
    )
}
