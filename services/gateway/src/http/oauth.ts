import { Connection, connections, OauthOutcome, OauthProbe, Owner } from '@executor/contracts'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { registerOauthCallback } from './oauth-callback.ts'
import { registerOauthClients } from './oauth-clients.ts'
import { registerClientDocuments } from './oauth-documents.ts'
import { toRedirectUri } from './own-origin.ts'
import { type App, asCaller, type RouteDeps } from './route.ts'
import { tagOauthError } from './tags.ts'

const tags = ['oauth']
/** Milliseconds that a browser waits before it asks again. */
const AWAIT_MS = 25_000

const StartBody = z.object({
  /** The app to sign in with; the one that fits, or a new registration, when absent. */
  client: z.string().optional(),
  clientOwner: Owner.optional(),
  owner: Owner,
  name: z.string().min(1).max(128),
  integration: z.string(),
  template: z.string().min(1).max(128),
  identityLabel: z.string().max(256).nullish(),
  description: z.string().max(2048).nullish(),
  redirectUri: z.string().max(2048).nullish(),
})
const Started = z.discriminatedUnion('status', [
  z.object({ status: z.literal('connected'), connection: Connection }),
  z.object({ status: z.literal('redirect'), authorizationUrl: z.string(), state: z.string() }),
])
const Cancelled = z.object({ cancelled: z.boolean() })

/** Signing in to upstreams. */
export function registerOauth(app: App, deps: RouteDeps): void {
  registerOauthClients(app, deps)
  registerProbe(app, deps)
  registerSignIn(app, deps)
  registerWaiting(app, deps)
  registerOauthCallback(app, deps)
  registerClientDocuments(app, deps)
}

function registerProbe(app: App, { bus }: RouteDeps): void {
  app.post(
    '/api/oauth/probe',
    {
      config: {
        access: connections.probeOauth.access,
        tagError: tagOauthError('OAuthProbeError'),
      },
      schema: {
        tags,
        summary: 'Ask a resource, or an authorization server, where tokens come from',
        body: z.object({ url: z.string().min(1).max(2048) }),
        response: { 200: OauthProbe },
      },
    },
    (request, reply) => bus.request(connections.probeOauth, request.body, asCaller(request, reply)),
  )
}

function registerSignIn(app: App, { bus, config }: RouteDeps): void {
  const getConnection = (
    place: { owner: 'org' | 'user'; integration: string; name: string },
    request: FastifyRequest,
    reply: FastifyReply,
  ) => bus.request(connections.getConnection, place, asCaller(request, reply))

  app.post(
    '/api/oauth/start',
    {
      config: {
        access: connections.startOauth.access,
        tagError: tagOauthError('OAuthStartError'),
      },
      schema: {
        tags,
        summary:
          'Begin to sign in: answers where a person goes, or the account where nobody has to',
        body: StartBody,
        response: { 200: Started },
      },
    },
    async (request, reply) => {
      const { redirectUri, identityLabel, description, ...rest } = request.body
      const started = await bus.request(
        connections.startOauth,
        {
          ...rest,
          ...(identityLabel != null && { identityLabel }),
          ...(description != null && { description }),
          redirectUri: toRedirectUri(redirectUri, request, config),
        },
        asCaller(request, reply),
      )
      if (started.status === 'redirect') return started
      const connection = await getConnection(started.connection, request, reply)
      return { status: 'connected' as const, connection }
    },
  )

  app.post(
    '/api/oauth/complete',
    {
      config: {
        access: connections.completeOauth.access,
        tagError: tagOauthError('OAuthCompleteError'),
      },
      schema: {
        tags,
        summary: 'End a sign-in with what came back through the browser',
        body: z.object({
          state: z.string().min(1).max(4096),
          code: z.string().min(1).max(4096),
          iss: z.string().max(2048).optional(),
          callbackDomain: z.string().max(256).nullish(),
        }),
        response: { 200: Connection },
      },
    },
    async (request, reply) => {
      const { callbackDomain, ...rest } = request.body
      const input = { ...rest, ...(callbackDomain != null && { callbackDomain }) }
      const place = await bus.request(connections.completeOauth, input, asCaller(request, reply))
      return getConnection(place, request, reply)
    },
  )
}

function registerWaiting(app: App, { bus }: RouteDeps): void {
  app.post(
    '/api/oauth/cancel',
    {
      config: {
        access: connections.cancelOauth.access,
        tagError: tagOauthError('OAuthStartError'),
      },
      schema: {
        tags,
        summary: 'Give up a sign-in',
        body: z.object({ state: z.string().min(1).max(4096) }),
        response: { 200: Cancelled },
      },
    },
    (request, reply) =>
      bus.request(connections.cancelOauth, request.body, asCaller(request, reply)),
  )

  app.get(
    '/api/oauth/await/:sessionId',
    {
      config: {
        access: connections.awaitOauth.access,
        tagError: tagOauthError('OAuthCompleteError'),
      },
      schema: {
        tags,
        summary: 'Wait for what comes of a sign-in, by its state',
        params: z.object({ sessionId: z.string().min(1).max(1024) }),
        response: { 200: OauthOutcome },
      },
    },
    (request, reply) =>
      bus.request(
        connections.awaitOauth,
        { state: request.params.sessionId, waitMs: AWAIT_MS },
        asCaller(request, reply),
      ),
  )
}
