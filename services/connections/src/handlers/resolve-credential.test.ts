import { connections } from '@executor/contracts'
import { describe, expect, it } from 'vitest'
import { aConnection, alice, anIntegration, bob, openWorld } from '../../test/fixtures.ts'

const work = { owner: 'org', integration: 'github', name: 'work' } as const

describe('resolveCredential', () => {
  it('answers the values to another service', async () => {
    const world = await openWorld()
    await world.ask(connections.createConnection, aConnection({ value: 'hunter2' }))

    const credential = await world.askInside(connections.resolveCredential, work, bob)

    expect(credential).toEqual({
      revision: expect.any(String),
      consent: credential.revision,
      template: 'bearer',
      values: { token: 'hunter2' },
      expiresAt: null,
    })
  })

  it('never answers the gateway', async () => {
    const world = await openWorld()
    await world.ask(connections.createConnection, aConnection())

    const answer = world.ask(connections.resolveCredential, work)

    await expect(answer).rejects.toMatchObject({ code: 'permission_denied' })
  })

  it.each([
    ['sole writer of its store', true],
    ['one of several writers', false],
  ])('serves every change at once as %s', async (_, isSoleWriter) => {
    const world = await openWorld({ store: { isSoleWriter } })
    const resolve = () => world.askInside(connections.resolveCredential, work)
    await world.ask(connections.createConnection, aConnection({ value: 'first' }))
    await resolve()

    await world.ask(connections.createConnection, aConnection({ value: 'second' }))
    const replaced = await resolve()
    await world.ask(connections.removeConnection, work)
    const removed = resolve()

    expect(replaced.values).toEqual({ token: 'second' })
    await expect(removed).rejects.toMatchObject({ code: 'not_found', reason: 'connection_unknown' })
  })

  it('reads nothing anew for calls that follow each other, as sole writer of its store', async () => {
    const world = await openWorld({ store: { isSoleWriter: true } })
    await world.ask(connections.createConnection, aConnection())
    await world.askInside(connections.resolveCredential, work)
    await world.askInside(connections.resolveCredential, work)
    await world.store.removeSecrets(await world.store.listSecrets({ limit: 10 }))

    const credential = await world.askInside(connections.resolveCredential, work)

    expect(credential.values).toEqual({ token: expect.any(String) })
  })

  it('stops serving what went with its integration', async () => {
    const world = await openWorld()
    await world.ask(connections.createConnection, aConnection())
    await world.askInside(connections.resolveCredential, work)

    await world.askInside(connections.removeIntegrationConnections, { integration: 'github' })

    await expect(world.askInside(connections.resolveCredential, work)).rejects.toMatchObject({
      reason: 'connection_unknown',
    })
  })

  it('names the input whose value is gone', async () => {
    const world = await openWorld()
    await world.ask(
      connections.createConnection,
      aConnection({ template: 'two-keys', values: { apiKey: 'a', applicationKey: 'b' } }),
    )
    const secrets = await world.store.listSecrets({ limit: 10 })
    await world.store.removeSecrets(secrets.filter(({ id }) => id.endsWith(':applicationKey')))

    const answer = world.askInside(connections.resolveCredential, work)

    await expect(answer).rejects.toMatchObject({
      code: 'failed_precondition',
      reason: 'connection_value_missing',
      details: { missing: ['applicationKey'] },
    })
  })

  it('does not open a value that was copied over another’s', async () => {
    const world = await openWorld()
    world.integrations.set('linear', anIntegration('linear'))
    await world.ask(connections.createConnection, aConnection({ value: 'of the admins' }))
    await world.ask(
      connections.createConnection,
      aConnection({ owner: 'user', integration: 'linear', value: 'of bob' }),
      bob,
    )
    const [shared, personal] = await world.store.listSecrets({ limit: 10 })
    if (!shared || !personal) return expect.unreachable()
    await world.store.resealSecret({ ...personal, sealed: shared.sealed }, personal.keyId)

    const answer = world.askInside(
      connections.resolveCredential,
      { owner: 'user', integration: 'linear', name: 'work' },
      bob,
    )

    await expect(answer).rejects.toMatchObject({ reason: 'connection_value_missing' })
    expect(world.log.lines).toContainEqual({
      level: 'error',
      fields: { tenant: 'acme', keyId: personal.keyId },
      message: 'stored value does not open',
    })
  })

  it('misses the values of a provider that is not there any more', async () => {
    const world = await openWorld({ variables: { EXECUTOR_CREDENTIAL_A: 'a' } })
    await world.ask(
      connections.createConnection,
      aConnection({ from: { provider: 'env', id: 'A' } }),
      alice,
    )
    const row = await world.store.findConnection({ tenant: 'acme', subject: '', ...work })
    if (!row) return expect.unreachable()
    await world.store.replaceConnection({ ...row, provider: 'keychain' }, row)

    const answer = world.askInside(connections.resolveCredential, work)

    await expect(answer).rejects.toMatchObject({
      reason: 'connection_value_missing',
      message: expect.stringContaining('keychain'),
    })
  })
})
