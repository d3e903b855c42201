import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { connections, isServiceError } from '@executor/contracts'
import { describe, expect, it, onTestFinished } from 'vitest'
import { CALLBACK } from './authorization-server.ts'
import { alice, anIntegration, openWorld } from './fixtures.ts'
import { oauthMethod, things, withSignIn } from './oauth-fixtures.ts'

type Answer = (request: IncomingMessage, response: ServerResponse, origin: string) => unknown

/** A server that says what a test has it say: `{}` is the body of an honest one. */
async function aServer(said: {
  resource?: object
  metadata?: (origin: string) => object
  token?: Answer
  register?: Answer
}) {
  const heard: string[] = []
  const http = createServer((request, response) => {
    const path = request.url?.split('?', 1)[0] ?? ''
    heard.push(path)
    const send = (body: object, status = 200) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    }
    if (path === '/.well-known/oauth-protected-resource/mcp')
      send({ resource: `${origin}/mcp`, authorization_servers: [origin], ...said.resource })
    else if (path === '/.well-known/oauth-authorization-server')
      send({
        issuer: origin,
        authorization_endpoint: `${origin}/authorize`,
        token_endpoint: `${origin}/token`,
        registration_endpoint: `${origin}/register`,
        code_challenge_methods_supported: ['S256'],
        ...said.metadata?.(origin),
      })
    else if (path === '/register' && said.register) said.register(request, response, origin)
    else if (path === '/register') send({ client_id: 'us', redirect_uris: [CALLBACK] }, 201)
    else if (path === '/token' && said.token) said.token(request, response, origin)
    else if (path === '/token') send({ access_token: 'at', token_type: 'Bearer' })
    else response.writeHead(404).end()
  })
  await new Promise<void>((listening) => http.listen(0, '127.0.0.1', listening))
  onTestFinished(async () => {
    http.closeAllConnections()
    await new Promise((closed) => http.close(closed))
  })
  const origin = `http://127.0.0.1:${(http.address() as AddressInfo).port}`
  const world = await openWorld()
  const method = oauthMethod({ probeUrl: `${origin}/mcp` })
  world.integrations.set('things', anIntegration('things', { kind: 'mcp', authMethods: [method] }))
  return { ...withSignIn(world), origin, heard }
}

describe('a server that is not what it says', () => {
  it.each([
    [
      'speaks for somebody else',
      { resource: { resource: 'https://evil.example/mcp' } },
      'oauth_resource_mismatch',
    ],
    [
      'names another issuer',
      { metadata: () => ({ issuer: 'https://evil.example' }) },
      'oauth_metadata_invalid',
    ],
    [
      'sends people to a script',
      { metadata: () => ({ authorization_endpoint: 'javascript:alert(1)' }) },
      'oauth_metadata_invalid',
    ],
    [
      'wants codes in clear',
      { metadata: () => ({ token_endpoint: 'http://login.example.com/token' }) },
      'oauth_metadata_invalid',
    ],
    [
      'wants registrations elsewhere in clear',
      { metadata: () => ({ registration_endpoint: 'http://10.0.0.1/' }) },
      'oauth_metadata_invalid',
    ],
    [
      'knows no PKCE worth its name',
      { metadata: () => ({ code_challenge_methods_supported: ['plain'] }) },
      'oauth_pkce_unsupported',
    ],
    [
      'points at this machine’s metadata',
      { resource: { authorization_servers: ['https://169.254.169.254'] } },
      'egress_blocked',
    ],
  ])('is not signed in to when it %s', async (_, said, reason) => {
    const world = await aServer(said)

    const started = world.start()

    await expect(started).rejects.toMatchObject({ reason })
    expect(world.heard).not.toContain('/register')
    expect(await world.ask(connections.listOauthClients, {})).toEqual([])
  })

  it('is asked no further than three authorization servers', async () => {
    const servers = ['a', 'b', 'c', 'd', 'e'].map((path) => path)
    const world = await aServer({})
    const resource = { authorization_servers: servers.map((path) => `${world.origin}/${path}`) }
    const many = await aServer({ resource })

    await expect(many.start()).rejects.toMatchObject({ reason: 'oauth_server_unknown' })

    const asked = world.heard.filter((path) => path.startsWith('/.well-known/oauth-authorization'))
    expect(asked).toEqual(
      ['a', 'b', 'c'].map((path) => `/.well-known/oauth-authorization-server/${path}`),
    )
  })

  it('cannot have a secret sent on by a redirect', async () => {
    const elsewhere = await aServer({})
    const world = await aServer({
      token: (_request, response) =>
        response.writeHead(307, { location: `${elsewhere.origin}/token` }).end(),
    })
    const { state } = await world.begin()

    const { outcome } = await world.comeBack(backWith({ state, code: 'co-secret' }))

    expect(outcome).toMatchObject({ status: 'failed', reason: 'oauth_answer_invalid' })
    expect(elsewhere.heard).toEqual([])
  })

  it('is quoted in one line, without what it was sent', async () => {
    const world = await aServer({
      token: (_request, response) =>
        response.writeHead(400, { 'content-type': 'application/json' }).end(
          JSON.stringify({
            error: 'invalid_grant',
            error_description: `no\r\n\u202Eco-secret${'x'.repeat(5_000)}`,
          }),
        ),
    })
    const { state } = await world.begin()

    const { outcome } = await world.comeBack(backWith({ state, code: 'co-secret' }))

    const { message } = outcome as { message: string }
    expect(message).toMatch(/refused with invalid_grant: no \[secret\]x+….$/)
    expect(message.length).toBeLessThan(400)
  })

  it('has no say in what its error is called', async () => {
    const world = await aServer({
      token: (_request, response) =>
        response
          .writeHead(400, { 'content-type': 'application/json' })
          .end(JSON.stringify({ error: '<script>alert(1)</script>' })),
    })
    const { state } = await world.begin()

    const { outcome } = await world.comeBack(backWith({ state, code: 'c' }))

    expect(outcome).toMatchObject({
      message: expect.stringContaining('refused with unknown_error'),
    })
  })

  it('cannot answer without end', async () => {
    const world = await aServer({
      token: (_request, response) => {
        response.writeHead(200, { 'content-type': 'application/json' })
        response.end(JSON.stringify({ access_token: 'x'.repeat(2_000_000), token_type: 'Bearer' }))
      },
    })
    const { state } = await world.begin()

    const { outcome } = await world.comeBack(backWith({ state, code: 'c' }))

    expect(outcome).toMatchObject({ status: 'failed', reason: 'oauth_server_unreachable' })
  })

  it.each([
    ['errors with 200', { error: 'bad_verification_code' }, 'oauth_refused'],
    [
      'tokens of another kind',
      { access_token: 'a', token_type: 'DPoP' },
      'oauth_token_type_unsupported',
    ],
    ['no token', { token_type: 'Bearer' }, 'oauth_answer_invalid'],
    ['a page', '<html>', 'oauth_answer_invalid'],
  ])('that answers %s connects nothing', async (_, body, reason) => {
    const world = await aServer({
      token: (_request, response) =>
        response
          .writeHead(200, { 'content-type': 'application/json' })
          .end(typeof body === 'string' ? body : JSON.stringify(body)),
    })
    const { state } = await world.begin()

    const { outcome } = await world.comeBack(backWith({ state, code: 'c' }))

    expect(outcome).toMatchObject({ status: 'failed', reason })
    const found = await world.ask(connections.getConnection, things).catch((error) => error)
    expect(isServiceError(found, 'connection_unknown')).toBe(true)
    expect(await world.store.listSecrets({ limit: 10 })).toEqual([])
  })
})

describe('a server with manners of its own', () => {
  it.each([
    ['no type of token', { access_token: 'at' }],
    ['a type that means nothing', { access_token: 'at', token_type: 'user', expires_in: '3600' }],
    [
      'nothing where it has nothing',
      { access_token: 'at', refresh_token: null, scope: '', expires_in: 0 },
    ],
  ])('is understood when it says %s', async (_, body) => {
    const world = await aServer({
      token: (_request, response) =>
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body)),
    })
    const { state } = await world.begin()

    const { outcome } = await world.comeBack(backWith({ state, code: 'c' }))

    expect(outcome).toMatchObject({ status: 'connected' })
    expect((await world.resolve()).values).toEqual({ token: 'at' })
  })

  it('names the account by who signed in, and its ID token is kept nowhere', async () => {
    const claims = { sub: '1', email: 'ada@example.com', aud: 'us' }
    const idToken = ['e30', Buffer.from(JSON.stringify(claims)).toString('base64url'), 'sig'].join(
      '.',
    )
    const world = await aServer({
      token: (_request, response) =>
        response
          .writeHead(200, { 'content-type': 'application/json' })
          .end(JSON.stringify({ access_token: 'at', token_type: 'Bearer', id_token: idToken })),
    })
    const { state } = await world.begin()

    await world.comeBack(backWith({ state, code: 'c' }))

    expect(await world.ask(connections.getConnection, things)).toMatchObject({
      identityLabel: 'ada@example.com',
    })
    expect(await world.store.listSecrets({ limit: 10 })).toHaveLength(1)
  })

  it('is registered with again once it has forgotten us', async () => {
    const world = await aServer({
      token: (_request, response) =>
        response
          .writeHead(401, { 'content-type': 'application/json' })
          .end(JSON.stringify({ error: 'invalid_client' })),
    })
    const { state } = await world.begin()

    const { outcome } = await world.comeBack(backWith({ state, code: 'c' }))
    await world.begin()

    expect(outcome).toMatchObject({ reason: 'oauth_refused' })
    expect(world.heard.filter((path) => path === '/register')).toHaveLength(2)
  })
})

describe('signing in', () => {
  it('stands for itself by a document where the server reads such', async () => {
    const document = 'https://executor.example.com/client.json'
    const server = await aServer({
      metadata: () => ({ client_id_metadata_document_supported: true }),
    })
    const world = withSignIn(await openWorld({ clientDocument: document }))
    const method = oauthMethod({ probeUrl: `${server.origin}/mcp` })
    world.integrations.set(
      'things',
      anIntegration('things', { kind: 'mcp', authMethods: [method] }),
    )

    const { request } = await world.begin()

    expect(request.get('client_id')).toBe(document)
    expect(server.heard).not.toContain('/register')
    expect(await world.ask(connections.listOauthClients, {}, alice)).toMatchObject([
      { origin: { kind: 'client_id_metadata_document' } },
    ])
  })
})

function backWith(answer: { state: string; code: string }): URL {
  const url = new URL(CALLBACK)
  url.search = new URLSearchParams(answer).toString()
  return url
}
