import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import Provider, { type Configuration } from 'oidc-provider'
import { onTestFinished, vi } from 'vitest'

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

/** Follows an authorization URL as a person's browser does: signs in, agrees, and comes back. */
export async function signIn(authorizationUrl: string, login = 'ada'): Promise<URL> {
  const cookies = new Map<string, string>()
  const send = async (url: string, form?: Record<string, string>) => {
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { cookie: [...cookies].map((pair) => pair.join('=')).join('; ') },
      ...(form ? { method: 'POST', body: new URLSearchParams(form) } : {}),
    })
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      cookies.set(name, value)
    }
    return response
  }
  let response = await send(authorizationUrl)
  let url = authorizationUrl
  for (let steps = 0; steps < 12; steps += 1) {
    const location = response.headers.get('location')
    if (location) {
      url = new URL(location, url).href
      if (url.startsWith(CALLBACK)) return new URL(url)
      response = await send(url)
      continue
    }
    const page = await response.text()
    const [, prompt] = /name="prompt" value="(\w+)"/.exec(page) ?? []
    if (!prompt) throw new TypeError(`there is no form at ${url}: ${page.slice(0, 2_000)}`)
    response = await send(url, { prompt, login, password: 'any' })
  }
  throw new TypeError('signing in does not come to an end')
}
