import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import Provider, { type Configuration } from 'oidc-provider'
import { onTestFinished, vi } from 'vitest'
import { signInByHand } from '../../../e2e/harness/sign-in.ts'

export const RESOURCE_SCOPES = 'things:read things:write'
export const CALLBACK = 'http://127.0.0.1:4788/api/oauth/callback'

/** A request that the server got. */
interface Heard {
  method: string
  path: string
}

/** oidc-provider, a certified server, with one account that has no password, and a resource it protects. */
export async function startAuthorizationServer(given: Configuration = {}) {
  const http = createServer()
  await new Promise<void>((listening) => http.listen(0, '127.0.0.1', listening))
  const issuer = `http://127.0.0.1:${(http.address() as AddressInfo).port}`
  const resource = `${issuer}/mcp`
  // It says at length that it is set up for tests alone.
  const quiet = (['warn', 'info'] as const).map((level) =>
    vi.spyOn(console, level).mockImplementation(() => {}),
  )
  const provider = new Provider(issuer, {
    ...SETTINGS,
    features: {
      ...SETTINGS.features,
      resourceIndicators: {
        enabled: true,
        defaultResource: () => resource,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({ scope: RESOURCE_SCOPES, accessTokenTTL: 3600 }),
      },
    },
    ...given,
  })
  const heard: Heard[] = []
  const answer = provider.callback()
  let isDown = false
  http.on('request', (request, response) => {
    const { method = '', url = '' } = request
    heard.push({ method, path: url.split('?', 1)[0] ?? '' })
    if (isDown) request.socket.destroy()
    else if (url === '/.well-known/oauth-protected-resource/mcp')
      response.end(
        JSON.stringify({
          resource,
          authorization_servers: [issuer],
          scopes_supported: RESOURCE_SCOPES.split(' '),
        }),
      )
    else void answer(request, response)
  })
  onTestFinished(async () => {
    for (const spy of quiet) spy.mockRestore()
    http.closeAllConnections()
    await new Promise((closed) => http.close(closed))
  })
  return {
    issuer,
    resource,
    provider,
    heard,
    /** Requests of its token endpoint. */
    tokenCalls: () => heard.filter(({ path }) => path === '/token').length,
    /** Nobody answers any more, until told otherwise. */
    setDown: (down: boolean) => {
      isDown = down
    },
    signIn,
  }
}
export type AuthorizationServer = Awaited<ReturnType<typeof startAuthorizationServer>>

const SETTINGS = {
  clients: [
    {
      client_id: 'app',
      client_secret: 'app-secret',
      redirect_uris: [CALLBACK],
      application_type: 'native' as const,
      grant_types: ['authorization_code', 'refresh_token'],
      token_endpoint_auth_method: 'client_secret_basic' as const,
    },
    {
      client_id: 'robot',
      client_secret: 'robot-secret',
      redirect_uris: [],
      response_types: [],
      grant_types: ['client_credentials'],
      token_endpoint_auth_method: 'client_secret_post' as const,
    },
  ],
  features: {
    devInteractions: { enabled: true },
    registration: { enabled: true },
    revocation: { enabled: true },
    clientCredentials: { enabled: true },
  },
  claims: { openid: ['sub'], email: ['email'] },
  conformIdTokenClaims: false,
  findAccount: (_: unknown, id: string) => ({
    accountId: id,
    claims: () => ({ sub: id, email: `${id}@example.com` }),
  }),
  rotateRefreshToken: true,
  ttl: {
    AccessToken: 3600,
    AuthorizationCode: 60,
    Grant: 86_400,
    IdToken: 3600,
    Interaction: 600,
    RefreshToken: 86_400,
    Session: 600,
    ClientCredentials: 3600,
  },
  cookies: { keys: ['only for tests'] },
} satisfies Configuration

/** What a person's browser comes back with who signs in and agrees. */
export async function signIn(authorizationUrl: string, login?: string): Promise<URL> {
  return new URL(await signInByHand(authorizationUrl, CALLBACK, login))
}
