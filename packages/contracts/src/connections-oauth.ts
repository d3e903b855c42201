import { z } from 'zod'
import { Owner, Slug } from './address.ts'
import { Timestamp } from './json.ts'

export const OauthGrant = z.enum(['authorization_code', 'client_credentials'])
export type OauthGrant = z.infer<typeof OauthGrant>

/** How a client proves to the token endpoint who it is. */
export const OauthClientAuth = z.enum([
  'none',
  'client_secret_post',
  'client_secret_basic',
  'private_key_jwt',
])
export type OauthClientAuth = z.infer<typeof OauthClientAuth>

const Url = z.string().min(1).max(2048)
const Scopes = z.array(z.string().max(1024)).max(100)
/** Longer than any state or code that servers make. */
const Opaque = z.string().min(1).max(4096)
const ClientName = z.string().min(1).max(128)
const ClientSecret = z.string().max(16_384)

/** Somebody as whom we ask an authorization server for tokens; never with its secret. */
export const OauthClient = z.object({
  owner: Owner,
  slug: z.string(),
  grant: OauthGrant,
  clientId: z.string(),
  authorizationUrl: z.string(),
  tokenUrl: z.string(),
  resource: z.string().nullable(),
  issuer: z.string().nullable(),
  origin: z.object({
    kind: z.enum(['manual', 'dynamic_client_registration', 'client_id_metadata_document']),
    integration: z.string().nullable(),
  }),
  createdAt: Timestamp,
})
export type OauthClient = z.infer<typeof OauthClient>

/** Where tokens for a resource come from, as its servers say. */
export const OauthProbe = z.object({
  issuer: z.string().optional(),
  authorizationUrl: z.string(),
  tokenUrl: z.string(),
  resource: z.string().optional(),
  /** What the resource asks for; absent where it does not say. */
  scopesSupported: Scopes.optional(),
  registrationEndpoint: z.string().optional(),
  tokenEndpointAuthMethodsSupported: z.array(z.string()).optional(),
  clientIdMetadataDocumentSupported: z.boolean().optional(),
})
export type OauthProbe = z.infer<typeof OauthProbe>

/** Which account a sign-in is for. */
const Target = {
  owner: Owner,
  integration: Slug,
  /** Any words, as in `createConnection`. */
  name: z.string().min(1).max(128),
  template: z.string().min(1).max(128),
  identityLabel: z.string().max(256).optional(),
  description: z.string().max(2048).optional(),
}

const ConnectionPlace = z.object({ owner: Owner, integration: z.string(), name: z.string() })

/** What came of a sign-in. */
export const OauthOutcome = z.discriminatedUnion('status', [
  z.object({ status: z.literal('pending') }),
  z.object({ status: z.literal('connected'), connection: ConnectionPlace }),
  z.object({ status: z.literal('failed'), reason: z.string(), message: z.string() }),
])
export type OauthOutcome = z.infer<typeof OauthOutcome>

/** Milliseconds; discovery has 30 s, a registration or a token call 20 s. */
const DISCOVERY_MS = 40_000
const SIGN_IN_MS = 90_000

/** The methods of `connections` that are about OAuth. */
export const oauthMethods = {
  /** Asks a resource, or an authorization server, where tokens come from; saves nothing. */
  probeOauth: {
    input: z.object({
      url: Url,
      /** Where the resource said that its metadata is (RFC 9728). */
      resourceMetadataUrl: Url.optional(),
      /** Nobody but a protected resource is at `url`: servers of MCP's first revision tell no more. */
      isMcp: z.boolean().optional(),
    }),
    output: OauthProbe,
    access: 'read',
    idempotent: true,
    timeoutMs: DISCOVERY_MS,
  },
  /** Registers us with a server (RFC 7591): once for each owner, issuer, resource and redirect URI. */
  registerOauthClient: {
    input: z.object({
      owner: Owner,
      /** Derived from the server's name when absent. */
      slug: Slug.optional(),
      registrationEndpoint: Url,
      authorizationUrl: Url,
      tokenUrl: Url,
      issuer: Url.optional(),
      resource: Url.optional(),
      scopes: Scopes.optional(),
      tokenEndpointAuthMethodsSupported: z.array(z.string().max(128)).max(32).optional(),
      clientName: ClientName.optional(),
      redirectUri: Url,
      originIntegration: Slug.optional(),
    }),
    output: OauthClient,
    access: 'manage',
    timeoutMs: DISCOVERY_MS,
  },
  /** Creates or replaces, on (owner, slug). */
  createOauthClient: {
    input: z.object({
      owner: Owner,
      slug: Slug,
      grant: OauthGrant,
      authorizationUrl: Url.optional(),
      tokenUrl: Url,
      clientId: z.string().min(1).max(2048),
      /** For `private_key_jwt` the key: PKCS #8 in PEM, or a JWK. */
      clientSecret: ClientSecret.optional(),
      /** What the server takes when absent. */
      tokenEndpointAuthMethod: OauthClientAuth.optional(),
      issuer: Url.optional(),
      resource: Url.optional(),
      originIntegration: Slug.optional(),
    }),
    output: OauthClient,
    access: 'manage',
  },
  listOauthClients: {
    input: z.object({}),
    output: z.array(OauthClient),
    access: 'read',
    idempotent: true,
  },
  removeOauthClient: {
    input: z.object({ owner: Owner, slug: Slug }),
    output: z.object({ removed: z.boolean() }),
    access: 'manage',
  },
  /**
   * Begins a sign-in. Without `client` the one that is there for this server is used, and else one is
   * registered, where the server lets programs do that by themselves.
   */
  startOauth: {
    input: z.object({
      ...Target,
      client: Slug.optional(),
      clientOwner: Owner.optional(),
      redirectUri: Url,
    }),
    output: z.discriminatedUnion('status', [
      z.object({ status: z.literal('connected'), connection: ConnectionPlace }),
      z.object({ status: z.literal('redirect'), authorizationUrl: z.string(), state: z.string() }),
    ]),
    access: 'manage',
    timeoutMs: SIGN_IN_MS,
  },
  /** Ends a sign-in with what came back through the browser, for the person who began it. */
  completeOauth: {
    input: z.object({
      state: Opaque,
      code: Opaque,
      iss: Url.optional(),
      callbackDomain: z.string().max(256).optional(),
    }),
    output: ConnectionPlace,
    access: 'manage',
    timeoutMs: SIGN_IN_MS,
  },
  /**
   * The same for a browser that comes back: its state is all it has to show, once. `visitor` is who is
   * signed in to us in that browser, who must then be the one who began.
   */
  returnOauth: {
    input: z.object({
      state: Opaque,
      code: Opaque.optional(),
      error: z.string().max(1024).optional(),
      iss: z.string().max(2048).optional(),
      callbackDomain: z.string().max(256).optional(),
      visitor: z.object({ tenant: z.string(), subject: z.string() }).nullable(),
    }),
    output: z.object({ outcome: OauthOutcome }),
    access: 'call',
    timeoutMs: SIGN_IN_MS,
  },
  cancelOauth: {
    input: z.object({ state: Opaque }),
    output: z.object({ cancelled: z.boolean() }),
    access: 'call',
    idempotent: true,
  },
  /** Waits for what comes of a sign-in; `pending` when nothing has in that time. */
  awaitOauth: {
    input: z.object({ state: Opaque, waitMs: z.number().int().min(0).max(30_000).default(0) }),
    output: OauthOutcome,
    access: 'call',
    timeoutMs: 45_000,
  },
  /** What an upstream says that a grant lacks; the next sign-in asks for it too. */
  noteMissingScopes: {
    input: z.object({
      owner: Owner,
      integration: Slug,
      name: z.string().min(1).max(128),
      /** With which it was called: tokens may have been replaced since. */
      consent: z.string(),
      required: Scopes,
    }),
    output: z.object({ granted: z.array(z.string()) }),
    access: 'internal',
    idempotent: true,
  },
} as const
