import { type OauthOutcome, ServiceError } from '@executor/contracts'
import { afterEach, describe, expect, it } from 'vitest'
import { aConnection, anOauthClient } from './fixtures.ts'
import { type Harness, startGateway } from './harness.ts'

let gateway: Harness
afterEach(() => gateway.close())

const START = { owner: 'org', name: 'work', integration: 'things', template: 'oauth2' }
const REDIRECT = {
  status: 'redirect' as const,
  authorizationUrl: 'https://login.example.com/auth?client_id=a',
  state: 'st-1',
}

describe('signing in', () => {
  it('is begun with where it comes back to, and answers where to go', async () => {
    const seen: unknown[] = []
    gateway = await startGateway(
      {
        connections: {
          startOauth: (input) => {
            seen.push(input)
            return REDIRECT
          },
        },
      },
      { origin: 'https://executor.example.com' },
    )

    const { status, body } = await gateway.json('/api/oauth/start', { body: START })

    expect({ status, body }).toEqual({ status: 200, body: REDIRECT })
    expect(seen).toEqual([
      { ...START, redirectUri: 'https://executor.example.com/api/oauth/callback' },
    ])
  })

  it('comes back to this instance, or to a program of this machine, and nowhere else', async () => {
    const seen: string[] = []
    gateway = await startGateway({
      connections: {
        startOauth: ({ redirectUri }) => {
          seen.push(redirectUri)
          return REDIRECT
        },
      },
    })
    const start = (redirectUri: string) =>
      gateway.json('/api/oauth/start', { body: { ...START, redirectUri } })

    const own = await start('http://127.0.0.1:9999/callback')
    const foreign = await start('https://evil.example/api/oauth/callback')

    expect(own.status).toBe(200)
    expect(seen).toEqual(['http://127.0.0.1:9999/callback'])
    expect(foreign).toMatchObject({ status: 400, body: { reason: 'oauth_redirect_invalid' } })
  })

  it('answers the account at once where nobody has to go anywhere', async () => {
    const connection = aConnection()
    const { owner, integration, name } = connection
    gateway = await startGateway({
      connections: {
        startOauth: () => ({ status: 'connected', connection: { owner, integration, name } }),
        getConnection: () => connection,
      },
    })

    const { body } = await gateway.json('/api/oauth/start', { body: START })

    expect(body).toEqual({ status: 'connected', connection })
  })

  it.each([
    ['/api/oauth/start', START],
    ['/api/oauth/complete', { state: 's', code: 'c' }],
    [
      '/api/oauth/clients',
      {
        owner: 'org',
        slug: 'a',
        grant: 'client_credentials',
        tokenUrl: 'https://a',
        clientId: 'b',
        clientSecret: 'c',
      },
    ],
    [
      '/api/oauth/clients/register-dynamic',
      {
        owner: 'org',
        registrationEndpoint: 'https://a',
        authorizationUrl: 'https://a',
        tokenUrl: 'https://a',
      },
    ],
  ])('is for people: %s refuses agents and strangers', async (path, body) => {
    gateway = await startGateway()

    const agent = await gateway.json(path, { as: 'agent', body })
    const stranger = await gateway.json(path, { as: null, body })

    expect([agent.status, stranger.status]).toEqual([403, 401])
  })

  it.each([
    ['start', 'oauth_client_required', 400, 'OAuthStartError'],
    ['complete', 'oauth_refused', 400, 'OAuthCompleteError'],
    ['probe', 'oauth_server_unknown', 400, 'OAuthProbeError'],
    ['complete', 'oauth_session_unknown', 404, 'OAuthSessionNotFoundError'],
  ])('that cannot %s because of %s is known by its name', async (what, reason, status, tag) => {
    const code = status === 404 ? 'not_found' : 'failed_precondition'
    const fail = () => {
      throw new ServiceError(code, reason, 'No.')
    }
    gateway = await startGateway({
      connections: { startOauth: fail, completeOauth: fail, probeOauth: fail },
    })
    const bodies: Record<string, object> = {
      start: START,
      complete: { state: 's', code: 'c' },
      probe: { url: 'https://a.example' },
    }

    const answer = await gateway.json(`/api/oauth/${what}`, { body: bodies[what] })

    expect(answer).toMatchObject({ status, body: { _tag: tag, reason, message: 'No.' } })
  })
})

describe('the callback', () => {
  const HOSTILE = '</script><script>alert(1)</script>'

  async function comeBack(query: Record<string, string>, outcome: OauthOutcome) {
    const seen: unknown[] = []
    gateway = await startGateway({
      connections: {
        returnOauth: (input) => {
          seen.push(input)
          return { outcome }
        },
      },
    })
    const search = new URLSearchParams(query)
    const response = await gateway.ask(`/api/oauth/callback?${search}`, { as: null })
    return { seen, response, page: await response.text() }
  }

  it('needs no key, hands on what came back, and shows what came of it', async () => {
    const { seen, response, page } = await comeBack(
      { state: 'st-1', code: 'co-1', iss: 'https://login.example.com', site: 'us3.example' },
      { status: 'connected', connection: { owner: 'org', integration: 'things', name: 'work' } },
    )

    expect(response.status).toBe(200)
    expect(seen).toEqual([
      {
        state: 'st-1',
        code: 'co-1',
        iss: 'https://login.example.com',
        callbackDomain: 'us3.example',
        visitor: null,
      },
    ])
    expect(page).toContain('things is connected as “work”')
    expect(page).not.toContain('st-1')
    expect(page).not.toContain('co-1')
  })

  it('runs its own script alone, in no frame', async () => {
    const { response, page } = await comeBack(
      { state: 'st-1', code: 'co-1' },
      { status: 'failed', reason: 'oauth_refused', message: 'No.' },
    )

    const policy = response.headers.get('content-security-policy') ?? ''
    expect(policy).toMatch(/^default-src 'none'; script-src 'sha256-[^']+'; style-src 'sha256-/)
    expect(policy).toContain("frame-ancestors 'none'")
    expect(response.headers.get('referrer-policy')).toBe('no-referrer')
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(page.match(/<script>/g)).toHaveLength(1)
  })

  it('shows nothing that a link brings along, and nothing that a server says as markup', async () => {
    const { page } = await comeBack(
      { state: HOSTILE, error: HOSTILE, error_description: HOSTILE },
      { status: 'failed', reason: 'oauth_refused', message: `It said ${HOSTILE}` },
    )

    expect(page).not.toContain(HOSTILE)
    expect(page).toContain('It said &lt;/script&gt;')
    expect(page.match(/<script/g)).toHaveLength(2)
  })

  it('says in words that it was opened for nothing', async () => {
    gateway = await startGateway()

    const response = await gateway.ask('/api/oauth/callback', { as: null })

    expect(response.status).toBe(400)
    expect(await response.text()).toContain('opened without one')
  })

  it('writes neither state nor code into the log', async () => {
    gateway = await startGateway({
      connections: { returnOauth: () => Promise.reject(new RangeError('boom')) },
    })

    await gateway.ask('/api/oauth/callback?state=st-secret&code=co-secret', { as: null })

    expect(gateway.lines.length).toBeGreaterThan(0)
    expect(JSON.stringify(gateway.lines)).not.toMatch(/st-secret|co-secret/)
  })
})

describe('client ID metadata documents', () => {
  it('say who this instance is, where they are', async () => {
    gateway = await startGateway({}, { origin: 'https://executor.example.com' })

    const own = await gateway.json('/api/oauth/client-id-metadata.json', { as: null })
    const local = await gateway.json('/api/oauth/client-id-metadata/local.json', { as: null })

    expect(own.body).toMatchObject({
      client_id: 'https://executor.example.com/api/oauth/client-id-metadata.json',
      redirect_uris: ['https://executor.example.com/api/oauth/callback'],
      token_endpoint_auth_method: 'none',
      application_type: 'web',
    })
    expect(own.headers.get('cache-control')).toBe('public, max-age=300')
    expect(local.body).toMatchObject({
      client_id: 'https://executor.example.com/api/oauth/client-id-metadata/local.json',
      redirect_uris: ['http://127.0.0.1/api/oauth/callback', 'http://localhost/api/oauth/callback'],
      application_type: 'native',
    })
  })
})

it('OAuth apps are saved and listed without their secrets', async () => {
  const seen: unknown[] = []
  const client = anOauthClient()
  gateway = await startGateway({
    connections: {
      createOauthClient: (input) => {
        seen.push(input)
        return client
      },
      listOauthClients: () => [client],
      removeOauthClient: () => ({ removed: true }),
    },
  })
  const { owner, slug, grant, clientId, authorizationUrl, tokenUrl } = client
  const given = { owner, slug, grant, clientId, authorizationUrl, tokenUrl }

  const saved = await gateway.json('/api/oauth/clients', {
    body: { ...given, clientSecret: 's', resource: null, originIntegration: '' },
  })
  const listed = await gateway.json('/api/oauth/clients', { as: 'agent' })
  const removed = await gateway.json('/api/oauth/clients/app', {
    method: 'DELETE',
    body: { owner },
  })

  expect(saved.body).toEqual({ client: 'app' })
  expect(seen).toEqual([{ ...given, clientSecret: 's' }])
  expect(listed.body).toEqual([client])
  expect(removed.body).toEqual({ removed: true })
})
