import { connections } from '@executor/contracts'
import { databaseFactories } from '@executor/storage/testing'
import { describe, expect, it, onTestFinished } from 'vitest'
import { startAuthorizationServer } from './authorization-server.ts'
import { openWorld } from './fixtures.ts'
import { addThings, openOauthWorld, things, withSignIn } from './oauth-fixtures.ts'

const HOUR_MS = 3_600_000

async function signedIn(options: Parameters<typeof openOauthWorld>[0] = {}) {
  const world = await openOauthWorld(options)
  const { authorizationUrl } = await world.begin()
  await world.comeBack(await world.server.signIn(authorizationUrl))
  return world
}

describe('a token', () => {
  it('is replaced when less than a minute of it is left, and goes on as the same consent', async () => {
    const world = await signedIn()
    const first = await world.resolve()
    world.clock.now += HOUR_MS - 61_000
    const early = await world.resolve()
    world.clock.now += 2_000

    const second = await world.resolve()

    expect(early.values).toEqual(first.values)
    expect(second.values).not.toEqual(first.values)
    expect(second.consent).toBe(first.consent)
    expect(second.expiresAt).toBe(world.clock.now + HOUR_MS)
    expect(await world.store.listSecrets({ limit: 10 })).toHaveLength(2)
  })

  it.each([true, false])(
    'is replaced once for all who ask (sole writer: %s)',
    async (isSoleWriter) => {
      const world = await signedIn({ store: { isSoleWriter } })
      world.clock.now += HOUR_MS
      const before = world.server.tokenCalls()

      const answers = await Promise.all(Array.from({ length: 20 }, () => world.resolve()))

      expect(new Set(answers.map(({ values }) => values.token)).size).toBe(1)
      expect(world.server.tokenCalls() - before).toBe(1)
    },
  )

  it('is replaced by another when whoever began to is gone', async () => {
    const world = await signedIn()
    const first = await world.resolve()
    const row = await world.store.findConnection({ tenant: 'acme', subject: '', ...things })
    world.clock.now += HOUR_MS
    const endsAt = world.clock.now + 30_000
    await world.store.claimRefresh(
      row as NonNullable<typeof row>,
      { id: 'gone', revision: first.revision, endsAt },
      world.clock.now,
    )

    const waiting = world.resolve()
    world.clock.now = endsAt

    expect((await waiting).values).not.toEqual(first.values)
  })

  it('is replaced when an upstream refused it, and once for that', async () => {
    const world = await signedIn()
    const first = await world.resolve()

    const [one, other] = await Promise.all([
      world.resolve(first.revision),
      world.resolve(first.revision),
    ])
    const late = await world.resolve(first.revision)

    expect(one.revision).not.toBe(first.revision)
    expect([other.revision, late.revision]).toEqual([one.revision, one.revision])
  })

  it('stays in use while its server is away, as long as it is valid', async () => {
    const world = await signedIn()
    const first = await world.resolve()
    world.clock.now += HOUR_MS - 30_000
    world.server.setDown(true)

    const kept = await world.resolve()
    world.clock.now += 31_000
    const over = world.resolve()

    expect(kept.values).toEqual(first.values)
    await expect(over).rejects.toMatchObject({
      code: 'unavailable',
      reason: 'oauth_refresh_failed',
    })
    world.server.setDown(false)
    expect((await world.resolve()).values).not.toEqual(first.values)
  })

  it('that was revoked has to be signed in for again, and its server is not asked twice', async () => {
    const world = await signedIn()
    const { grantId = '' } =
      (await world.server.provider.AccessToken.find((await world.resolve()).values.token ?? '')) ??
      {}
    await world.server.provider.RefreshToken.revokeByGrantId(grantId)
    world.clock.now += HOUR_MS

    const first = world.resolve()
    await expect(first).rejects.toMatchObject({ reason: 'oauth_reauth_required' })
    const calls = world.server.tokenCalls()
    await expect(world.resolve()).rejects.toMatchObject({ reason: 'oauth_reauth_required' })

    expect(world.server.tokenCalls()).toBe(calls)
    expect(await world.ask(connections.getConnection, things)).toMatchObject({
      lastHealth: { status: 'expired' },
    })
    const { authorizationUrl } = await world.begin()
    await world.comeBack(await world.server.signIn(authorizationUrl))
    expect((await world.resolve()).values.token).toBeTruthy()
  })

  it('of an app that is gone fails with the word of the server', async () => {
    const world = await signedIn()
    const [client] = await world.ask(connections.listOauthClients, {})
    const { adapter } = world.server.provider.Client as unknown as {
      adapter: { destroy(id: string): Promise<void> }
    }
    await adapter.destroy(client?.clientId ?? '')
    world.clock.now += HOUR_MS

    await expect(world.resolve()).rejects.toMatchObject({
      reason: 'oauth_refresh_failed',
      details: { error: 'invalid_client' },
    })
  })
})

describe('a check of an account that was signed in to', () => {
  it('is made with a token that is valid', async () => {
    const world = await signedIn()
    const first = await world.resolve()
    world.clock.now += HOUR_MS

    const health = await world.ask(connections.checkConnection, things)

    expect(health.status).toBe('healthy')
    expect(world.probes[0]?.values).not.toEqual(first.values)
    expect(world.probes[0]?.values).toEqual((await world.resolve()).values)
    expect(await world.ask(connections.getConnection, things)).toMatchObject({
      lastHealth: { status: 'healthy' },
    })
  })

  it('says that a person has to sign in again', async () => {
    const world = await signedIn()
    const { values } = await world.resolve()
    const { grantId = '' } =
      (await world.server.provider.AccessToken.find(values.token ?? '')) ?? {}
    await world.server.provider.RefreshToken.revokeByGrantId(grantId)
    world.clock.now += HOUR_MS

    const health = await world.ask(connections.checkConnection, things)

    expect(health).toMatchObject({ status: 'expired', detail: expect.stringContaining('sign in') })
    expect(world.probes).toEqual([])
  })
})

describe('scopes that a call lacked', () => {
  it('are kept, and asked for together with those there are', async () => {
    const world = await signedIn()
    const { consent } = await world.resolve()

    const noted = await world.askInside(connections.noteMissingScopes, {
      ...things,
      consent,
      required: ['things:write'],
    })
    const connection = await world.ask(connections.getConnection, things)
    const { authorizationUrl, request } = await world.begin()
    await world.comeBack(await world.server.signIn(authorizationUrl))

    expect(noted.granted).toContain('things:read')
    expect(connection.missingOAuthScopes).toEqual(['things:write'])
    expect(request.get('scope')?.split(' ')).toEqual(
      expect.arrayContaining(['things:read', 'things:write']),
    )
    expect(await world.ask(connections.getConnection, things)).toMatchObject({
      missingOAuthScopes: [],
      oauthScope: expect.stringContaining('things:write'),
    })
  })
})

describe.each(databaseFactories())('two processes on one $engine database', ({ create }) => {
  it('replace a rotating token once', async () => {
    const database = await create()
    onTestFinished(() => database.drop())
    const server = await startAuthorizationServer()
    const options = { url: database.url, store: { isSoleWriter: false } }
    const worlds = [await openWorld(options), await openWorld(options)].map(withSignIn)
    for (const world of worlds) addThings(world, server)
    const [one, other] = worlds
    const { authorizationUrl = '' } = (await one?.begin()) ?? {}
    await other?.comeBack(await server.signIn(authorizationUrl))
    const before = server.tokenCalls()
    for (const world of worlds) world.clock.now += HOUR_MS

    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => worlds[index % 2]?.resolve()),
    )

    expect(new Set(answers.map((answer) => answer?.values.token)).size).toBe(1)
    expect(server.tokenCalls() - before).toBe(1)
  })
})
