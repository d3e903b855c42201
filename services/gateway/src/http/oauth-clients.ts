import { connections, OauthClient, OauthClientAuth, OauthGrant, Owner } from '@executor/contracts'
import { z } from 'zod'
import { toRedirectUri } from './own-origin.ts'
import { type App, asCaller, type RouteDeps } from './route.ts'
import { tagOauthError } from './tags.ts'

const tags = ['oauth']
const Saved = z.object({ client: z.string() })
const Text = z.string().max(2048)

const NewClient = z.object({
  owner: Owner,
  slug: z.string(),
  grant: OauthGrant,
  /** Where people sign in; programs that sign in by themselves have none. */
  authorizationUrl: Text.nullish(),
  tokenUrl: Text,
  clientId: Text,
  /** For `private_key_jwt` the private key, as PKCS #8 in PEM or as a JWK. */
  clientSecret: z.string().max(16_384).nullish(),
  tokenEndpointAuthMethod: OauthClientAuth.nullish(),
  issuer: Text.nullish(),
  resource: Text.nullish(),
  originIntegration: z.string().nullish(),
})
const Registration = z.object({
  owner: Owner,
  slug: z.string().nullish(),
  registrationEndpoint: Text,
  authorizationUrl: Text,
  tokenUrl: Text,
  issuer: Text.nullish(),
  resource: Text.nullish(),
  scopes: z.array(z.string()).max(100).nullish(),
  tokenEndpointAuthMethodsSupported: z.array(z.string()).max(32).nullish(),
  clientName: z.string().max(128).nullish(),
  redirectUri: Text.nullish(),
  originIntegration: z.string().nullish(),
})

/** The apps that we sign in as. */
export function registerOauthClients(app: App, { bus, config }: RouteDeps): void {
  app.get(
    '/api/oauth/clients',
    {
      config: { access: connections.listOauthClients.access },
      schema: {
        tags,
        summary: 'List OAuth apps, without their secrets',
        response: { 200: z.array(OauthClient) },
      },
    },
    (request, reply) => bus.request(connections.listOauthClients, {}, asCaller(request, reply)),
  )

  app.post(
    '/api/oauth/clients',
    {
      config: {
        access: connections.createOauthClient.access,
        tagError: tagOauthError('OAuthStartError'),
      },
      schema: {
        tags,
        summary: 'Save an OAuth app; one of the same slug is replaced',
        body: NewClient,
        response: { 200: Saved },
      },
    },
    async (request, reply) => {
      const input = withoutEmpty(request.body)
      const saved = await bus.request(
        connections.createOauthClient,
        input,
        asCaller(request, reply),
      )
      return { client: saved.slug }
    },
  )

  app.post(
    '/api/oauth/clients/register-dynamic',
    {
      config: {
        access: connections.registerOauthClient.access,
        tagError: tagOauthError('OAuthRegisterDynamicError'),
      },
      schema: {
        tags,
        summary: 'Register an OAuth app with a server that lets programs do so',
        body: Registration,
        response: { 200: Saved },
      },
    },
    async (request, reply) => {
      const redirectUri = toRedirectUri(request.body.redirectUri, request, config)
      const input = { ...withoutEmpty(request.body), redirectUri }
      const options = asCaller(request, reply)
      const saved = await bus.request(connections.registerOauthClient, input, options)
      return { client: saved.slug }
    },
  )

  app.delete(
    '/api/oauth/clients/:slug',
    {
      config: {
        access: connections.removeOauthClient.access,
        tagError: tagOauthError('OAuthStartError'),
      },
      schema: {
        tags,
        summary: 'Remove an OAuth app and its secret',
        params: z.object({ slug: z.string() }),
        body: z.object({ owner: Owner }),
        response: { 200: z.object({ removed: z.boolean() }) },
      },
    },
    (request, reply) =>
      bus.request(
        connections.removeOauthClient,
        { ...request.body, ...request.params },
        asCaller(request, reply),
      ),
  )
}

type Filled<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], null | undefined>
}

/** Forms send what was left empty as an empty text, or as null. */
function withoutEmpty<T extends object>(body: T): Filled<T> {
  const filled = Object.entries(body).filter(([, value]) => value != null && value !== '')
  return Object.fromEntries(filled) as Filled<T>
}
