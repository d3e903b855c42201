import { connections, McpDiscovery } from '@executor/contracts'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { aTool, call, egress, openMcp, settingsOf, textOf, toConfig } from './test/fixtures.ts'
import { startServer } from './test/http-server.ts'

const AUTH_METHODS = [
  {
    slug: 'both',
    kind: 'apikey' as const,
    placements: [
      { carrier: 'header' as const, name: 'X-Key', variable: 'key' },
      { carrier: 'query' as const, name: 'k', variable: 'key' },
    ],
    origin: 'custom' as const,
  },
]
const CREDENTIAL = { template: 'both', values: { key: 's3cret-value' } }

afterEach(() => vi.useRealTimers())

describe('servers over HTTP', () => {
  it('get the credential of the connection with every request', async () => {
    await using mcp = openMcp()
    await using server = await startServer()
    const config = toConfig({ endpoint: server.endpoint, headers: { 'x-plain': 'p' } })
    const settings = settingsOf(config, { authMethods: AUTH_METHODS })

    const { result } = await call(mcp.protocol, {
      settings,
      operation: aTool('a'),
      credential: CREDENTIAL,
    })

    expect(result.ok).toBe(true)
    for (const { headers, url } of server.requests) {
      expect(headers).toMatchObject({ 'x-key': 's3cret-value', 'x-plain': 'p' })
      expect(url).toBe('/mcp?k=s3cret-value')
    }
  })

  it('share a session among calls, and get another where theirs is forgotten', async () => {
    await using mcp = openMcp()
    await using server = await startServer()
    const settings = settingsOf(toConfig({ endpoint: server.endpoint }))
    const invoke = () => call(mcp.protocol, { settings, operation: aTool('a', false) })

    const before = await Promise.all([invoke(), invoke(), invoke()])
    server.forgetSessions()
    const after = await invoke()

    expect(before.map(textOf)).toEqual(['session-1', 'session-1', 'session-1'])
    expect(textOf(after)).toBe('session-2')
    expect(server.count('initialize')).toBe(2)
  })

  it.each([401, 403])('that answer %i say whose credential it was', async (status) => {
    await using mcp = openMcp()
    await using server = await startServer(({ rpc }, response) => {
      if (rpc !== 'tools/call') return false
      response.writeHead(status, { 'content-type': 'application/json' })
      response.end('{"error":"invalid_token","error_description":"s3cret-value is stale"}')
      return true
    })
    const config = toConfig({ endpoint: server.endpoint })
    const settings = settingsOf(config, { authMethods: AUTH_METHODS })

    const { result, outcomeUnknown } = await call(mcp.protocol, {
      settings,
      operation: aTool('a', false),
      credential: CREDENTIAL,
    })

    expect(outcomeUnknown).toBe(false)
    expect(result).toMatchObject({
      ok: false,
      error: {
        code: 'connection_rejected',
        status,
        message: expect.stringContaining('[secret] is stale'),
        details: { category: 'authentication', credential: { connection: 'main' } },
      },
    })
  })

  it('are not followed to another origin', async () => {
    await using mcp = openMcp()
    await using other = await startServer()
    await using server = await startServer((_, response) => {
      response.writeHead(307, { location: other.endpoint }).end()
      return true
    })
    const config = toConfig({ endpoint: server.endpoint })

    const { result } = await call(mcp.protocol, {
      settings: settingsOf(config, { authMethods: AUTH_METHODS }),
      operation: aTool('a'),
      credential: CREDENTIAL,
    })

    expect(result).toMatchObject({ ok: false, error: { code: 'mcp_connection_failed' } })
    expect(other.requests).toEqual([])
  })

  it('that hang are told that nobody waits any more', async () => {
    await using mcp = openMcp()
    await using server = await startServer(({ rpc }) => rpc === 'tools/call')
    const settings = settingsOf(toConfig({ endpoint: server.endpoint }))
    const cancelled = new AbortController()
    const waiting = call(mcp.protocol, {
      settings,
      operation: aTool('a', false),
      signal: cancelled.signal,
    })
    await vi.waitFor(() => expect(server.count('tools/call')).toBe(1), 10_000)

    cancelled.abort('cancelled')

    expect(await waiting).toMatchObject({
      outcomeUnknown: true,
      result: { ok: false, error: { code: 'cancelled' } },
    })
    await vi.waitFor(() => expect(server.count('notifications/cancelled')).toBe(1), 10_000)
  })

  it.each([
    ['HTML', 'text/html', '<h1>hello</h1>', 'upstream_invalid_response'],
    ['broken JSON', 'application/json', '{"jsonrpc":', 'upstream_invalid_response'],
    ['something else', 'application/json', '{"hello":1}', 'upstream_invalid_response'],
    [
      'more than is read',
      'application/json',
      'x'.repeat(33 * 1024 * 1024),
      'upstream_response_too_large',
    ],
  ])('that answer %s are told apart', async (_, type, body, code) => {
    await using mcp = openMcp()
    await using server = await startServer(({ rpc }, response) => {
      if (rpc !== 'tools/call') return false
      response.writeHead(200, { 'content-type': type }).end(body)
      return true
    })

    const { result, outcomeUnknown } = await call(mcp.protocol, {
      settings: settingsOf(toConfig({ endpoint: server.endpoint })),
      operation: aTool('a', false),
    })

    expect(result).toMatchObject({ ok: false, error: { code } })
    expect(outcomeUnknown).toBe(true)
  })

  it('that are away are unreachable, and nothing was sent', async () => {
    await using mcp = openMcp()
    const settings = settingsOf(toConfig({ endpoint: 'http://127.0.0.1:9/mcp' }))

    const { result, outcomeUnknown } = await call(mcp.protocol, {
      settings,
      operation: aTool('a', false),
    })

    expect(outcomeUnknown).toBe(false)
    expect(result).toMatchObject({
      ok: false,
      error: { code: 'mcp_connection_failed', retryable: true },
    })
  })

  it('tell strangers where tokens come from, and how they are', async () => {
    await using mcp = openMcp()
    const asked: unknown[] = []
    const { probeOauth } = connections
    await mcp.connect('connections').serve(
      { service: 'connections', methods: { probeOauth } },
      {
        probeOauth: (input) => {
          asked.push(input)
          return {
            issuer: 'https://as.example',
            authorizationUrl: 'https://as.example/authorize',
            tokenUrl: 'https://as.example/token',
            registrationEndpoint: 'https://as.example/register',
            resource: 'https://r.example',
            scopesSupported: ['read', 'write'],
          }
        },
      },
    )
    const server = await startServer((_request, response) => {
      const challenge = `Bearer resource_metadata="${server.origin}/meta", scope="read"`
      response.writeHead(401, { 'www-authenticate': challenge }).end()
      return true
    })
    await using _ = server
    const config = { ask: 'probe', server: toConfig({ endpoint: server.endpoint }) }
    const access = {
      connection: { owner: 'org' as const, name: 'new' },
      credential: { template: 'none', values: {} },
      signal: new AbortController().signal,
      egress,
    }

    const told = await mcp.protocol.discover?.({ ...access, settings: settingsOf(config) })
    const health = await mcp.protocol.check?.({
      ...access,
      settings: settingsOf(config.server),
    })

    const resourceMetadataUrl = `${server.origin}/meta`
    expect(asked).toEqual([{ url: server.endpoint, resourceMetadataUrl }])
    expect(McpDiscovery.parse(told)).toEqual({
      status: 'refused',
      httpStatus: 401,
      oauth: {
        probeUrl: server.endpoint,
        resourceMetadataUrl,
        issuer: 'https://as.example',
        resource: 'https://r.example',
        scopes: ['read'],
        authorizationUrl: 'https://as.example/authorize',
        tokenUrl: 'https://as.example/token',
        registrationUrl: 'https://as.example/register',
      },
    })
    expect(health).toMatchObject({ status: 'expired', httpStatus: 401 })
  })

  it('are not entered with the older token of a call that shares the way in', async () => {
    await using mcp = openMcp()
    const server = await startServer(({ headers }, response) => {
      if (headers.authorization === 'Bearer new') return false
      response.writeHead(401).end()
      return true
    })
    await using _ = server
    const oauth = {
      slug: 'oauth2',
      kind: 'oauth2' as const,
      placements: [],
      origin: 'detected' as const,
    }
    const settings = settingsOf(toConfig({ endpoint: server.endpoint }), { authMethods: [oauth] })
    const callWith = (token: string) =>
      call(mcp.protocol, {
        settings,
        operation: aTool('a'),
        credential: { template: 'oauth2', values: { token } },
      })

    const answers = await Promise.all(['old', 'new', 'old', 'new', 'old'].map(callWith))

    expect(answers.filter((_, index) => index % 2 === 1).map(({ ok }) => ok)).toEqual([true, true])
    expect(answers[0]?.httpStatus).toBe(401)
  })

  it('go on in their session when a token is replaced, and with the other one', async () => {
    await using mcp = openMcp()
    const seen: string[] = []
    const server = await startServer(({ headers }) => {
      seen.push(headers.authorization ?? '')
      return false
    })
    await using _ = server
    const method = {
      slug: 'oauth2',
      kind: 'oauth2' as const,
      placements: [],
      origin: 'detected' as const,
    }
    const settings = settingsOf(toConfig({ endpoint: server.endpoint }), { authMethods: [method] })
    const operation = aTool('a')
    const callWith = (token: string) =>
      call(mcp.protocol, {
        settings,
        operation,

        credential: { template: 'oauth2', values: { token } },
      })

    await callWith('first')
    const opened = seen.length
    await callWith('second')

    expect(seen.slice(0, opened)).toContain('Bearer first')
    expect(new Set(seen.slice(opened))).toEqual(new Set(['Bearer second']))
    expect(seen.length - opened).toBeLessThan(opened)
  })
})
