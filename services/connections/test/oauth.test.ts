import { generateKeyPairSync } from 'node:crypto'
import { connections } from '@executor/contracts'
import type { ClientMetadata } from 'oidc-provider'
import { describe, expect, it } from 'vitest'
import { CALLBACK, RESOURCE_SCOPES } from './authorization-server.ts'
import { agent, alice, bob, mallory } from './fixtures.ts'
import { openOauthWorld, things } from './oauth-fixtures.ts'

describe('a sign-in', () => {
  it('registers by itself, asks with PKCE for this resource, and ends in a connection', async () => {
    const world = await openOauthWorld()

    const { authorizationUrl, request } = await world.begin()
    const back = await world.server.signIn(authorizationUrl)
    const { outcome } = await world.comeBack(back)
    const connection = await world.ask(connections.getConnection, things)
    const credential = await world.resolve()

    expect(outcome).toEqual({ status: 'connected', connection: things })
    expect(Object.fromEntries(request)).toMatchObject({
      response_type: 'code',
      redirect_uri: CALLBACK,
      code_challenge_method: 'S256',
      resource: world.server.resource,
      scope: 'things:read offline_access',
    })
    expect(connection).toMatchObject({
      oauthClient: expect.stringMatching(/^dcr-127-0-0-1-\d+$/),
      oauthScope: expect.stringContaining('things:read'),
      missingOAuthScopes: [],
      expiresAt: world.clock.now + 3_600_000,
    })
    const token = await world.server.provider.AccessToken.find(credential.values.token ?? '')
    expect(token).toMatchObject({ aud: world.server.resource, scope: 'things:read' })
    expect(await world.store.listSecrets({ limit: 10 })).toHaveLength(2)
  })

  it('is told to who waits for it, and to nobody else', async () => {
    const world = await openOauthWorld()
    const { authorizationUrl, state } = await world.begin()
    const wait = (principal = alice) =>
      world.ask(connections.awaitOauth, { state, waitMs: 10_000 }, principal)

    const before = await world.ask(connections.awaitOauth, { state })
    const waiting = wait()
    await world.comeBack(await world.server.signIn(authorizationUrl))

    expect(before).toEqual({ status: 'pending' })
    expect(await waiting).toEqual({ status: 'connected', connection: things })
    await expect(wait(bob)).rejects.toMatchObject({ reason: 'oauth_session_unknown' })
    await expect(wait(mallory)).rejects.toMatchObject({ reason: 'oauth_session_unknown' })
  })

  it('uses a state once', async () => {
    const world = await openOauthWorld()
    const { authorizationUrl } = await world.begin()
    const back = await world.server.signIn(authorizationUrl)

    const [one, other] = await Promise.all([world.comeBack(back), world.comeBack(back)])
    const again = await world.comeBack(back)

    const outcomes = [one, other].map(({ outcome }) => outcome.status).sort()
    expect(outcomes).toEqual(['connected', 'failed'])
    expect(again.outcome).toMatchObject({ reason: 'oauth_session_unknown' })
    expect(world.server.tokenCalls()).toBe(1)
  })

  it('ends after 15 minutes', async () => {
    const world = await openOauthWorld()
    const { authorizationUrl, state } = await world.begin()
    const back = await world.server.signIn(authorizationUrl)
    world.clock.now += 15 * 60_000

    const { outcome } = await world.comeBack(back)

    expect(outcome).toMatchObject({ reason: 'oauth_session_unknown' })
    expect(await world.ask(connections.awaitOauth, { state })).toMatchObject({
      reason: 'oauth_session_expired',
    })
    expect(world.server.tokenCalls()).toBe(0)
  })

  it('is completed by nobody but who began it', async () => {
    const world = await openOauthWorld()
    const { authorizationUrl, state } = await world.begin()
    const back = await world.server.signIn(authorizationUrl)
    const code = back.searchParams.get('code') ?? ''
    const iss = back.searchParams.get('iss') ?? ''
    const complete = (principal = alice) =>
      world.ask(connections.completeOauth, { state, code, iss }, principal)

    await expect(complete(bob)).rejects.toMatchObject({ reason: 'oauth_session_unknown' })
    await expect(complete(mallory)).rejects.toMatchObject({ reason: 'oauth_session_unknown' })
    await expect(complete(agent)).rejects.toMatchObject({ code: 'permission_denied' })
    const signedInAsBob = await world.comeBack(back, bob)

    expect(signedInAsBob.outcome).toMatchObject({ reason: 'oauth_session_unknown' })
    expect(await complete()).toEqual(things)
  })

  it('is not begun for the organization by a member, nor by an agent', async () => {
    const world = await openOauthWorld()

    await expect(world.start({}, bob)).rejects.toMatchObject({ reason: 'org_write_denied' })
    await expect(world.start({}, agent)).rejects.toMatchObject({ code: 'permission_denied' })
    const own = await world.begin({ owner: 'user' }, bob)
    const { outcome } = await world.comeBack(await world.server.signIn(own.authorizationUrl))

    expect(outcome).toMatchObject({ status: 'connected', connection: { owner: 'user' } })
    expect(await world.ask(connections.listConnections, {}, alice)).toEqual({ items: [] })
  })

  it('throws away an answer that names another server', async () => {
    const world = await openOauthWorld()
    const { authorizationUrl } = await world.begin()
    const back = await world.server.signIn(authorizationUrl)
    back.searchParams.set('iss', `${world.server.issuer}/`)

    const { outcome } = await world.comeBack(back)

    expect(outcome).toMatchObject({ reason: 'oauth_issuer_mismatch' })
    expect(world.server.tokenCalls()).toBe(0)
  })

  it('comes back to no other place', async () => {
    const world = await openOauthWorld()

    for (const redirectUri of [
      'https://evil.example/steal',
      'javascript:alert(1)//api/oauth/callback',
      'https://user:secret@evil.example/api/oauth/callback',
    ])
      await expect(world.start({ redirectUri })).rejects.toMatchObject({
        reason: 'oauth_redirect_invalid',
      })
  })

  it('says that it was declined', async () => {
    const world = await openOauthWorld()
    const { state } = await world.begin()
    const back = new URL(CALLBACK)
    back.search = new URLSearchParams({
      state,
      error: 'access_denied',
      iss: world.server.issuer,
    }).toString()

    const { outcome } = await world.comeBack(back)

    expect(outcome).toMatchObject({ status: 'failed', reason: 'oauth_declined' })
  })

  it('is cancelled once, and then over', async () => {
    const world = await openOauthWorld()
    const { authorizationUrl, state } = await world.begin()
    const cancel = (principal = alice) => world.ask(connections.cancelOauth, { state }, principal)

    const ofBob = await cancel(bob)
    const cancelled = [await cancel(), await cancel()]
    const { outcome } = await world.comeBack(await world.server.signIn(authorizationUrl))

    expect(ofBob).toEqual({ cancelled: false })
    expect(cancelled).toEqual([{ cancelled: true }, { cancelled: false }])
    expect(outcome).toMatchObject({ reason: 'oauth_session_unknown' })
    expect(await world.ask(connections.listOauthClients, {})).toEqual([])
    expect(await world.store.listSecrets({ limit: 10 })).toEqual([])
  })
})

describe('OAuth clients', () => {
  const app = {
    owner: 'org' as const,
    slug: 'app',
    grant: 'authorization_code' as const,
    clientId: 'app',
    clientSecret: 'app-secret',
  }

  it('of people are used with their secret, which nobody is told', async () => {
    const world = await openOauthWorld()
    const { issuer } = world.server
    const created = await world.ask(connections.createOauthClient, {
      ...app,
      authorizationUrl: `${issuer}/auth`,
      tokenUrl: `${issuer}/token`,
    })

    const { authorizationUrl, request } = await world.begin()
    const { outcome } = await world.comeBack(await world.server.signIn(authorizationUrl))

    expect(created).toMatchObject({ slug: 'app', origin: { kind: 'manual', integration: null } })
    expect(request.get('client_id')).toBe('app')
    expect(outcome).toMatchObject({ status: 'connected' })
    const told = [created, await world.ask(connections.listOauthClients, {}), world.log.lines]
    expect(JSON.stringify(told)).not.toContain('app-secret')
  })

  it('of another server are not shown to this one', async () => {
    const world = await openOauthWorld()
    const other = 'https://login.example.com'
    await world.ask(connections.createOauthClient, {
      ...app,
      authorizationUrl: `${other}/auth`,
      tokenUrl: `${other}/token`,
    })

    const named = world.start({ client: 'app' })

    await expect(named).rejects.toMatchObject({ reason: 'oauth_client_mismatch' })
    const { request } = await world.begin()
    expect(request.get('client_id')).not.toBe('app')
  })

  it('of programs connect without a person, and again when a token ends', async () => {
    const world = await openOauthWorld()
    const { issuer } = world.server
    await world.ask(connections.createOauthClient, {
      ...app,
      slug: 'robot',
      grant: 'client_credentials',
      clientId: 'robot',
      clientSecret: 'robot-secret',
      tokenUrl: `${issuer}/token`,
    })

    const started = await world.start({ client: 'robot' })
    const first = await world.resolve()
    world.clock.now += 3_600_000
    const second = await world.resolve()

    expect(started).toEqual({ status: 'connected', connection: things })
    expect(second.values.token).not.toBe(first.values.token)
    expect([second.revision === first.revision, second.consent === first.consent]).toEqual([
      false,
      true,
    ])
  })

  it('of programs sign what they claim, where that is how the server knows them', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const signing = {
      client_id: 'signer',
      redirect_uris: [],
      response_types: [],
      grant_types: ['client_credentials'],
      token_endpoint_auth_method: 'private_key_jwt' as const,
      jwks: { keys: [publicKey.export({ format: 'jwk' })] },
    }
    const world = await openOauthWorld({ clients: [signing as ClientMetadata] })
    const { issuer } = world.server
    const clientSecret = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()

    await world.ask(connections.createOauthClient, {
      ...app,
      slug: 'signer',
      grant: 'client_credentials',
      clientId: 'signer',
      clientSecret,
      tokenEndpointAuthMethod: 'private_key_jwt',
      tokenUrl: `${issuer}/token`,
      issuer,
    })
    const started = await world.start({ client: 'signer' })

    expect(started).toMatchObject({ status: 'connected' })
    expect((await world.resolve()).values.token).toBeTruthy()
  })

  it('are registered once for a server, and go with the last account', async () => {
    const world = await openOauthWorld()
    for (const name of ['work', 'home']) {
      const { authorizationUrl } = await world.begin({ name })
      await world.comeBack(await world.server.signIn(authorizationUrl))
    }
    const registered = world.server.heard.filter(({ path }) => path === '/reg').length

    await world.ask(connections.removeConnection, things)
    const between = await world.ask(connections.listOauthClients, {})
    await world.ask(connections.removeConnection, { ...things, name: 'home' })

    expect(registered).toBe(1)
    expect(between).toMatchObject([
      { origin: { kind: 'dynamic_client_registration', integration: 'things' } },
    ])
    expect(await world.ask(connections.listOauthClients, {})).toEqual([])
    expect(await world.store.listSecrets({ limit: 10 })).toEqual([])
  })

  it('end their tokens upstream when the account is removed', async () => {
    const world = await openOauthWorld()
    const { authorizationUrl } = await world.begin()
    await world.comeBack(await world.server.signIn(authorizationUrl))
    const { values } = await world.resolve()

    await world.ask(connections.removeConnection, things)

    expect(await world.server.provider.AccessToken.find(values.token ?? '')).toBeUndefined()
    expect(world.server.heard.at(-1)).toMatchObject({ path: '/token/revocation' })
  })

  it.each([
    ['http://login.example.com/auth', 'https://login.example.com/token'],
    ['javascript:alert(1)', 'https://login.example.com/token'],
    ['https://login.example.com/auth', 'file:///etc/passwd'],
    ['https://a:b@login.example.com/auth', 'https://login.example.com/token'],
  ])('have no endpoints like %s and %s', async (authorizationUrl, tokenUrl) => {
    const world = await openOauthWorld()

    const created = world.ask(connections.createOauthClient, {
      ...app,
      authorizationUrl,
      tokenUrl,
    })

    await expect(created).rejects.toMatchObject({ reason: 'oauth_url_invalid' })
  })

  it('of the organization are changed by its admins alone', async () => {
    const world = await openOauthWorld()
    const urls = { authorizationUrl: 'https://l.example/a', tokenUrl: 'https://l.example/t' }
    await world.ask(connections.createOauthClient, { ...app, ...urls })

    const create = world.ask(connections.createOauthClient, { ...app, ...urls }, bob)
    const remove = world.ask(connections.removeOauthClient, { owner: 'org', slug: 'app' }, bob)

    await expect(create).rejects.toMatchObject({ reason: 'org_write_denied' })
    await expect(remove).rejects.toMatchObject({ reason: 'org_write_denied' })
    expect(await world.ask(connections.listOauthClients, {}, mallory)).toEqual([])
  })
})

describe('probeOauth', () => {
  it('says where tokens of a resource come from', async () => {
    const { server, ask } = await openOauthWorld()

    const told = await ask(connections.probeOauth, { url: server.resource })

    expect(told).toMatchObject({
      issuer: server.issuer,
      authorizationUrl: `${server.issuer}/auth`,
      tokenUrl: `${server.issuer}/token`,
      registrationEndpoint: `${server.issuer}/reg`,
      resource: server.resource,
      scopesSupported: RESOURCE_SCOPES.split(' '),
    })
  })

  it('does not ask what it must not reach', async () => {
    const { ask } = await openOauthWorld()

    const told = ask(connections.probeOauth, { url: 'http://169.254.169.254/latest' })

    await expect(told).rejects.toMatchObject({ reason: 'egress_blocked' })
  })
})
