import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import Provider, { type Configuration } from 'oidc-provider'
import { createModernHandler } from './changing-server/modern.ts'
import { toRequest } from './serve-fetch.ts'

/** The app that somebody registered there by hand. */
export const APP = { clientId: 'journey-app', clientSecret: 'journey-secret-0123456789' }
const SCOPE = 'things:read'

export interface ProtectedServer {
  origin: string
  /** The MCP server, and the API, that want a token. */
  mcp: string
  openapi: string
  provider: Provider
  /** Requests of the token endpoint that were refused. */
  refusals: number
  /** Every access token that was shown to the API or the MCP server. */
  shown: Set<string>
  /** Access tokens end, before they said they would; refresh tokens do not. */
  endTokens(): Promise<void>
  /** As a person would in their settings there: everything that was agreed to is over. */
  revokeAll(): Promise<void>
  close(): Promise<void>
}

/**
 * oidc-provider, a certified authorization server, and what it protects: an MCP server and an API. Its
 * refresh tokens rotate, and the second use of one ends all that was given for that sign-in.
 */
export async function startProtectedServer(callbacks: readonly string[]): Promise<ProtectedServer> {
  const http = createServer()
  await new Promise<void>((listening) => http.listen(0, '127.0.0.1', listening))
  const origin = `http://127.0.0.1:${(http.address() as AddressInfo).port}`
  const provider = new Provider(origin, configure(origin, callbacks))
  const grants = new Set<string>()
  const server: ProtectedServer = {
    origin,
    mcp: `${origin}/mcp`,
    openapi: `${origin}/openapi.json`,
    provider,
    refusals: 0,
    shown: new Set(),
    async endTokens() {
      for (const token of server.shown) await (await provider.AccessToken.find(token))?.destroy()
    },
    async revokeAll() {
      for (const id of grants) {
        await provider.RefreshToken.revokeByGrantId(id)
        await provider.AccessToken.revokeByGrantId(id)
      }
    },
    close() {
      http.closeAllConnections()
      return new Promise((closed) => http.close(() => closed()))
    },
  }
  provider.on('grant.error', () => {
    server.refusals += 1
  })
  provider.on('access_token.saved', ({ grantId }) => {
    if (grantId) grants.add(grantId)
  })
  const answerAuthorization = provider.callback()
  const handleMcp = createModernHandler()

  async function isWelcome({ headers }: IncomingMessage): Promise<boolean> {
    const token = /^Bearer (\S+)$/.exec(headers.authorization ?? '')?.[1] ?? ''
    const found = await provider.AccessToken.find(token)
    if (found) server.shown.add(token)
    return found?.isValid === true
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url?.split('?', 1)[0] ?? ''
    if (path === '/.well-known/oauth-protected-resource/mcp')
      return sendJson(response, {
        resource: `${origin}/mcp`,
        authorization_servers: [origin],
        scopes_supported: [SCOPE],
      })
    if (path === '/openapi.json') return sendJson(response, describe(origin))
    if (path !== '/mcp' && path !== '/thing') return void answerAuthorization(request, response)
    if (!(await isWelcome(request))) {
      const metadata = `${origin}/.well-known/oauth-protected-resource/mcp`
      const challenge = `Bearer resource_metadata="${metadata}", error="invalid_token"`
      return void response.writeHead(401, { 'www-authenticate': challenge }).end()
    }
    if (path === '/thing') return sendJson(response, { thing: 'yours' })
    const left = new AbortController()
    response.once('close', () => left.abort())
    const { status, headers, body } = await handleMcp(await toRequest(request, left.signal))
    response.writeHead(status, Object.fromEntries(headers))
    if (body) Readable.fromWeb(body as ReadableStream).pipe(response)
    else response.end()
  }
  http.on('request', (request, response) => void answer(request, response))
  return server
}

function configure(origin: string, callbacks: readonly string[]): Configuration {
  const resource = `${origin}/mcp`
  return {
    clients: [
      {
        client_id: APP.clientId,
        client_secret: APP.clientSecret,
        redirect_uris: [...callbacks],
        application_type: 'native',
        grant_types: ['authorization_code', 'refresh_token'],
        token_endpoint_auth_method: 'client_secret_basic',
      },
    ],
    features: {
      devInteractions: { enabled: true },
      registration: { enabled: true },
      revocation: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => resource,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({ scope: SCOPE, accessTokenTTL: 3600 }),
      },
    },
    // Every sign-in is to end in something that can be renewed.
    issueRefreshToken: () => Promise.resolve(true),
    rotateRefreshToken: true,
    findAccount: (_: unknown, accountId: string) => ({
      accountId,
      claims: () => ({ sub: accountId }),
    }),
    ttl: {
      AccessToken: 3600,
      AuthorizationCode: 60,
      Grant: 86_400,
      IdToken: 3600,
      Interaction: 600,
      RefreshToken: 86_400,
      Session: 600,
    },
    cookies: { keys: ['only for journeys'] },
  }
}

function describe(origin: string) {
  return {
    openapi: '3.1.0',
    info: { title: 'Things', version: '1.0.0' },
    servers: [{ url: origin }],
    security: [{ login: [SCOPE] }],
    paths: {
      '/thing': {
        get: {
          operationId: 'getThing',
          responses: { 200: { description: 'The thing.', content: { 'application/json': {} } } },
        },
      },
    },
    components: {
      securitySchemes: {
        login: {
          type: 'oauth2',
          flows: {
            authorizationCode: {
              authorizationUrl: `${origin}/auth`,
              tokenUrl: `${origin}/token`,
              scopes: { [SCOPE]: 'Read things' },
            },
          },
        },
      },
    },
  }
}

function sendJson(response: ServerResponse, body: object): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
