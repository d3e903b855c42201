import { request } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import { anIntegration } from './fixtures.ts'
import { AGENT, type Harness, OWNER, startGateway } from './harness.ts'

let gateway: Harness
afterEach(() => gateway.close())

const neighbours = {
  catalog: {
    listIntegrations: () => ({ items: [] }),
    updateIntegration: () => anIntegration(),
  },
}

/** `fetch` sets `Host` itself; an attacker does not. */
function askAs(host: string, path: string, headers: Record<string, string> = {}): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  const options = { host: '127.0.0.1', port: gateway.port, path, headers: { ...headers, host } }
  const sent = request(options, (response) => {
    response.resume()
    resolve(response.statusCode ?? 0)
  })
  sent.on('error', reject).end()
  return promise
}

const owner = { authorization: `Bearer ${OWNER}` }

describe('the host a request means', () => {
  it.each([
    ['localhost', 200],
    ['localhost:4788', 200],
    ['LOCALHOST', 200],
    ['console.localhost:4788', 200],
    ['127.0.0.1', 200],
    ['127.8.9.1:80', 200],
    ['[::1]:4788', 200],
    ['executor.example.com', 200],
    ['other.example', 200],
    ['evil.example', 403],
    ['evil.example:4788', 403],
    ['localhost.evil.example', 403],
    ['127.0.0.1.evil.example', 403],
    ['0.0.0.0', 403],
    ['user@localhost', 403],
    ['localhost:4788:1', 403],
  ])('"%s" is answered %i', async (host, status) => {
    gateway = await startGateway(neighbours, {
      origin: 'https://executor.example.com',
      allowedHosts: ['other.example'],
    })

    expect(await askAs(host, '/api/integrations', owner)).toBe(status)
  })

  it('may be any where everything is allowed', async () => {
    gateway = await startGateway(neighbours, { allowedHosts: ['*'] })

    expect(await askAs('anything.example', '/api/integrations', owner)).toBe(200)
  })

  it('does not matter to whoever asks about health', async () => {
    gateway = await startGateway()

    expect(await askAs('10.1.2.3:4788', '/api/health')).toBe(200)
  })
})

describe('the page a request comes from', () => {
  const write = { method: 'PATCH', body: { name: 'x' } }

  it.each([
    [undefined, 200, null],
    ['own', 200, 'true'],
    ['http://localhost:5173', 200, null],
    ['https://console.example', 200, 'true'],
    ['https://evil.example', 403, null],
    ['http://localhost.evil.example', 403, null],
    ['null', 403, null],
  ])('%s: %i', async (origin, status, credentials) => {
    gateway = await startGateway(neighbours, { allowedOrigins: ['https://console.example'] })
    const given = origin === 'own' ? gateway.origin : origin

    const response = await gateway.ask('/api/integrations/a', {
      ...write,
      headers: given === undefined ? {} : { origin: given },
    })

    expect(response.status).toBe(status)
    expect(response.headers.get('access-control-allow-credentials')).toBe(credentials)
    if (given !== undefined && status === 200)
      expect(response.headers.get('access-control-allow-origin')).toBe(given)
  })

  it('is told beforehand what it may send', async () => {
    gateway = await startGateway()

    const allowed = await gateway.ask('/api/tools', {
      method: 'OPTIONS',
      as: null,
      headers: { origin: 'http://localhost:5173' },
    })
    const refused = await gateway.ask('/api/tools', {
      method: 'OPTIONS',
      as: null,
      headers: { origin: 'https://evil.example' },
    })

    expect(allowed.status).toBe(204)
    const headers = allowed.headers.get('access-control-allow-headers')
    for (const header of ['authorization', 'prefer']) expect(headers).toContain(header)
    expect(refused.status).toBe(403)
    expect(refused.headers.get('access-control-allow-origin')).toBeNull()
  })
})

describe('a signed-in link', () => {
  const page = { as: null, headers: { accept: 'text/html' } }

  async function signIn(): Promise<string> {
    const response = await gateway.ask(`/?_token=${OWNER}`, page)
    return response.headers.get('set-cookie') ?? ''
  }
  const cookieOf = (setCookie: string) => setCookie.split(';')[0] ?? ''

  it('becomes a session, and loses its key', async () => {
    gateway = await startGateway()

    const response = await gateway.ask(`/tools?tab=a&_token=${OWNER}`, page)

    expect(response.status).toBe(303)
    expect(response.headers.get('location')).toBe('/tools?tab=a')
    expect(response.headers.get('referrer-policy')).toBe('no-referrer')
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(response.headers.get('set-cookie')).toMatch(
      /^executor_session_[0-9a-f]{8}=[\w.-]+; Path=\/; HttpOnly; SameSite=Strict; Max-Age=2592000$/,
    )
  })

  it('never leads elsewhere', async () => {
    gateway = await startGateway()

    const status = await gateway.ask(`//evil.example/a?_token=${OWNER}`, page)

    expect(status.headers.get('location')).toBe('/evil.example/a')
  })

  it.each([AGENT, 'wrong'])('does not work with the key %s', async (key) => {
    gateway = await startGateway()

    const response = await gateway.ask(`/?_token=${key}`, page)

    expect(response.status).toBe(401)
    expect(response.headers.get('set-cookie')).toBeNull()
    expect(await response.text()).not.toContain(key)
  })

  it('is no way to call the API', async () => {
    gateway = await startGateway(neighbours)

    const response = await gateway.ask(`/api/integrations?_token=${OWNER}`, { as: null })

    expect(response.status).toBe(401)
  })

  it('makes the person known to the API, and survives a restart', async () => {
    gateway = await startGateway(neighbours)
    const cookie = cookieOf(await signIn())
    await gateway.close()
    gateway = await startGateway(neighbours)

    const { body } = await gateway.json('/api/session', { as: null, headers: { cookie } })

    expect(body).toEqual({ signedIn: true, subject: 'local', roles: ['owner'], via: 'console' })
  })

  it('counts for no page but ours', async () => {
    gateway = await startGateway(neighbours)
    const cookie = cookieOf(await signIn())
    const write = (headers: Record<string, string>) =>
      gateway.ask('/api/integrations/a', {
        method: 'PATCH',
        body: { name: 'x' },
        as: null,
        headers: { cookie, ...headers },
      })
    const read = (headers: Record<string, string>) =>
      gateway.ask('/api/integrations', { as: null, headers: { cookie, ...headers } })

    const statuses = [
      await write({ origin: gateway.origin }),
      await write({}),
      await write({ origin: 'http://localhost:5173' }),
      await read({}),
      await read({ 'sec-fetch-site': 'same-origin' }),
      await read({ 'sec-fetch-site': 'same-site' }),
      await read({ 'sec-fetch-site': 'cross-site' }),
      await read({ origin: 'http://localhost:5173' }),
    ].map(({ status }) => status)

    expect(statuses).toEqual([200, 401, 401, 200, 200, 401, 401, 401])
  })

  it('cannot be forged, prolonged or used after it ended', async () => {
    gateway = await startGateway(neighbours)
    const cookie = cookieOf(await signIn())
    const [name = '', value = ''] = cookie.split('=')
    const [expiry = '', nonce = '', signature = ''] = value.split('.')
    const forged = [
      `${name}=${Number(expiry) + 1}.${nonce}.${signature}`,
      `${name}=${expiry}.${nonce}.${signature.replace(/.$/, (last) => (last === 'A' ? 'E' : 'A'))}`,
      `${name}=`,
      `${name}x=${value}`,
      `${name}=${value}.${value}`,
    ]

    const statuses = await Promise.all(
      forged.map(async (one) => {
        const response = await gateway.ask('/api/integrations', {
          as: null,
          headers: { cookie: one },
        })
        return response.status
      }),
    )

    expect(statuses).toEqual([401, 401, 401, 401, 401])
  })

  it('is opened and closed by the API, too', async () => {
    gateway = await startGateway(neighbours)

    const opened = await gateway.ask('/api/session', { body: {} })
    const closed = await gateway.ask('/api/session', { method: 'DELETE', as: null })

    expect(opened.status).toBe(204)
    expect(cookieOf(opened.headers.get('set-cookie') ?? '')).toMatch(/^executor_session_\w+=./)
    expect(closed.headers.get('set-cookie')).toMatch(/^executor_session_\w+=; .*Max-Age=0$/)
  })
})

describe('too much', () => {
  it('of wrong keys has to wait, while right ones pass', async () => {
    gateway = await startGateway(neighbours)
    const wrong = () =>
      gateway.ask('/api/integrations', { as: null, headers: { authorization: 'Bearer guess' } })
    for (let i = 0; i < 20; i++) await wrong()

    const last = await wrong()
    const right = await gateway.ask('/api/integrations')

    expect(last.status).toBe(429)
    expect(Number(last.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(right.status).toBe(200)
  })

  it('of one key has to wait, while others pass', async () => {
    gateway = await startGateway(neighbours, { requestsPerMinute: 3 })
    for (let i = 0; i < 3; i++) await gateway.ask('/api/integrations')

    const { status, body, headers } = await gateway.json('/api/integrations')
    const other = await gateway.ask('/api/integrations', { as: 'agent' })

    expect(status).toBe(429)
    expect(body).toMatchObject({ _tag: 'RateLimitedError', reason: 'rate_limited' })
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
    expect(other.status).toBe(200)
  })
})
