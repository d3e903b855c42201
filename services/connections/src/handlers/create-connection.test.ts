import { connections } from '@executor/contracts'
import { describe, expect, it } from 'vitest'
import {
  aConnection,
  alice,
  bob,
  machine,
  mallory,
  openWorld,
  type World,
} from '../../test/fixtures.ts'

const work = { owner: 'org', integration: 'github', name: 'work' } as const

function create(world: World, given: Parameters<typeof aConnection>[0] = {}, principal = alice) {
  return world.ask(connections.createConnection, aConnection(given), principal)
}
function resolve(world: World, key: { owner: 'org' | 'user'; name: string }, principal = alice) {
  return world.askInside(
    connections.resolveCredential,
    { integration: 'github', ...key },
    principal,
  )
}

describe('createConnection', () => {
  it('answers the connection without its value', async () => {
    const world = await openWorld()

    const connection = await create(world, { name: 'Alice Private', identityLabel: 'alice@x.io' })

    expect(connection).toEqual({
      owner: 'org',
      name: 'alicePrivate',
      integration: 'github',
      address: 'tools.github.org.alicePrivate',
      template: 'bearer',
      provider: 'encrypted',
      identityLabel: 'alice@x.io',
      description: null,
      expiresAt: null,
      oauthClient: null,
      oauthClientOwner: null,
      oauthScope: null,
      missingOAuthScopes: [],
      lastHealth: null,
      createdAt: 1_750_000_000_000,
      updatedAt: 1_750_000_000_000,
    })
  })

  it('keeps one value, several values, and user and password', async () => {
    const world = await openWorld()

    await create(world, { name: 'one', value: 'v1' })
    await create(world, {
      name: 'two',
      template: 'two-keys',
      values: { apiKey: 'a', applicationKey: 'b' },
    })
    await create(world, {
      name: 'three',
      template: 'basic',
      values: { username: 'sk_live', password: '' },
    })

    expect((await resolve(world, { owner: 'org', name: 'one' })).values).toEqual({ token: 'v1' })
    expect((await resolve(world, { owner: 'org', name: 'two' })).values).toEqual({
      apiKey: 'a',
      applicationKey: 'b',
    })
    expect((await resolve(world, { owner: 'org', name: 'three' })).values).toEqual({
      username: 'sk_live',
      password: '',
    })
  })

  it('connects without a credential to every integration', async () => {
    const world = await openWorld()

    const connection = await create(world, { template: 'none' })

    expect(connection.template).toBe('none')
    expect((await resolve(world, work)).values).toEqual({})
  })

  it('replaces on the same name and keeps what people wrote', async () => {
    const world = await openWorld()
    await create(world, { value: 'first', identityLabel: 'me', description: 'For deploys.' })
    const before = await resolve(world, work)
    world.clock.now += 5

    const connection = await create(world, { name: 'Work', value: 'second' })

    const after = await resolve(world, work)
    expect(connection).toMatchObject({
      name: 'work',
      identityLabel: 'me',
      description: 'For deploys.',
      createdAt: 1_750_000_000_000,
      updatedAt: 1_750_000_000_005,
    })
    expect(after.values).toEqual({ token: 'second' })
    expect(after.revision).not.toBe(before.revision)
    expect(await world.ask(connections.listConnections, {})).toMatchObject({
      items: [{ name: 'work' }],
    })
  })

  it('removes the value it replaced', async () => {
    const world = await openWorld()
    await create(world, { value: 'first' })

    await create(world, { value: 'second' })

    expect(await world.store.listSecrets({ limit: 10 })).toHaveLength(1)
  })

  it('takes another account label with another credential, and no other description', async () => {
    const world = await openWorld()
    await create(world, { identityLabel: 'old@x.io', description: 'Mine.' })

    const connection = await create(world, { identityLabel: 'new@x.io', description: 'Theirs.' })

    expect(connection).toMatchObject({ identityLabel: 'new@x.io', description: 'Mine.' })
  })

  it('says what happened', async () => {
    const world = await openWorld()

    await create(world)
    await create(world)

    const event = { tenant: 'acme', owner: 'org', subject: '', integration: 'github', name: 'work' }
    await expect
      .poll(() => world.events)
      .toEqual([
        { ...event, change: 'created' },
        { ...event, change: 'updated' },
      ])
  })

  it('keeps the shared, the personal and the other tenant’s apart', async () => {
    const world = await openWorld()

    await create(world, { value: 'shared' })
    await create(world, { owner: 'user', value: 'of alice' })
    await create(world, { owner: 'user', value: 'of bob' }, bob)
    await create(world, { value: 'elsewhere' }, mallory)

    const values = await Promise.all([
      resolve(world, work, bob),
      resolve(world, { ...work, owner: 'user' }, alice),
      resolve(world, { ...work, owner: 'user' }, bob),
      resolve(world, work, mallory),
    ])
    expect(values.map((value) => value.values.token)).toEqual([
      'shared',
      'of alice',
      'of bob',
      'elsewhere',
    ])
  })

  it('never mixes the values of two that save at once', async () => {
    const world = await openWorld()
    const inputs = Array.from({ length: 6 }, (_, index) => ({
      template: 'two-keys',
      values: { apiKey: `a${index}`, applicationKey: `b${index}` },
    }))

    const saved = await Promise.allSettled(inputs.map((input) => create(world, input)))

    const { values } = await resolve(world, work)
    expect(saved.some(({ status }) => status === 'fulfilled')).toBe(true)
    expect(values.apiKey?.slice(1)).toBe(values.applicationKey?.slice(1))
    expect(await world.store.listSecrets({ limit: 100 })).toHaveLength(2)
  })

  it('points at a value that the operator put into the environment', async () => {
    const world = await openWorld({ variables: { EXECUTOR_CREDENTIAL_GITHUB_TOKEN: 'from-env' } })

    const connection = await create(world, { from: { provider: 'env', id: 'GITHUB_TOKEN' } })

    expect(connection.provider).toBe('env')
    expect((await resolve(world, work)).values).toEqual({ token: 'from-env' })
  })

  it.each([
    ['no credential', { value: undefined }, { missing: ['token'] }],
    ['two ways at once', { value: 'x', values: { token: 'x' } }, { missing: [] }],
    ['an unknown input', { values: { token: 'x', tokne: 'y' } }, { unknown: ['tokne'] }],
    [
      'a missing input',
      { template: 'two-keys', values: { apiKey: 'x' } },
      { missing: ['applicationKey'] },
    ],
    [
      'one value for two inputs',
      { template: 'two-keys', value: 'x' },
      { missing: ['apiKey', 'applicationKey'] },
    ],
    ['an empty value', { value: '' }, { missing: ['token'] }],
    ['a value with a line break in a header', { value: 'a\r\nX-Evil: 1' }, { unusable: ['token'] }],
    [
      'a user name with a colon',
      { template: 'basic', values: { username: 'a:b', password: 'c' } },
      { unusable: ['username'] },
    ],
    ['a value where none is asked for', { template: 'none', value: 'x' }, {}],
    ['an item that is not there', { from: { provider: 'env', id: 'PATH' } }, { provider: 'env' }],
  ])('refuses %s', async (_, given, details) => {
    const world = await openWorld({ variables: { PATH: '/bin', EXECUTOR_CREDENTIAL_A: 'a' } })

    await expect(create(world, given as never)).rejects.toMatchObject({
      code: 'invalid_argument',
      reason: 'connection_input_invalid',
      details,
    })
    expect(await world.ask(connections.listConnections, {})).toEqual({ items: [] })
    expect(await world.store.listSecrets({ limit: 10 })).toEqual([])
  })

  it.each([
    ['an unknown method', { template: 'oauth' }, alice, 'connection_template_unknown'],
    ['an unknown integration', { integration: 'nowhere' }, alice, 'integration_unknown'],
    ['a shared one from a member', {}, bob, 'org_write_denied'],
    ['a personal one of nobody', { owner: 'user' as const }, machine, 'subject_required'],
    [
      'an unknown provider',
      { from: { provider: 'keychain', id: 'x' } },
      alice,
      'credential_provider_unknown',
    ],
    [
      'a value that belongs to another connection',
      { from: { provider: 'encrypted', id: 'connection:org:github:other:id-1:token' } },
      alice,
      'credential_provider_unknown',
    ],
    [
      'the operator’s values for a member',
      { owner: 'user' as const, from: { provider: 'env', id: 'A' } },
      bob,
      'provider_access_denied',
    ],
  ])('refuses %s', async (_, given, principal, reason) => {
    const world = await openWorld({ variables: { EXECUTOR_CREDENTIAL_A: 'a' } })

    await expect(create(world, given, principal)).rejects.toMatchObject({ reason })
  })
})
