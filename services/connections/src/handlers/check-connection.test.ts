import { connections, type HealthCheckResult, ServiceError } from '@executor/contracts'
import { describe, expect, it } from 'vitest'
import { aConnection, agent, alice, bob, openWorld } from '../../test/fixtures.ts'

const work = { owner: 'org', integration: 'github', name: 'work' } as const

async function aCheckedWorld(given: Parameters<typeof aConnection>[0] = {}) {
  const world = await openWorld()
  world.healthChecks.set('github', { operation: 'users.getAuthenticated' })
  await world.ask(connections.createConnection, aConnection(given))
  return world
}
function answering(result: Partial<HealthCheckResult>) {
  return async (): Promise<HealthCheckResult> => ({ status: 'healthy', checkedAt: 1, ...result })
}

describe('checkConnection', () => {
  it('tries the credential with the integration’s check and keeps the result', async () => {
    const world = await aCheckedWorld()
    world.answers.probe = answering({
      httpStatus: 200,
      identity: 'alice',
      responseSample: [{ path: 'login', value: 'alice' }],
    })

    const health = await world.ask(connections.checkConnection, work, agent)

    const kept = (await world.ask(connections.getConnection, work)).lastHealth
    expect(world.probes).toEqual([
      {
        owner: 'org',
        integration: 'github',
        template: 'bearer',
        values: { token: 'hunter2-token' },
        spec: { operation: 'users.getAuthenticated' },
      },
    ])
    expect(health.responseSample).toEqual([{ path: 'login', value: 'alice' }])
    expect(kept).toEqual({ status: 'healthy', httpStatus: 200, identity: 'alice', checkedAt: 1 })
  })

  it.each([
    [200, 'healthy'],
    [204, 'healthy'],
    [401, 'expired'],
    [403, 'expired'],
    [404, 'degraded'],
    [429, 'degraded'],
    [500, 'degraded'],
    [302, 'degraded'],
  ])('takes a %i for %s', async (httpStatus, status) => {
    const world = await aCheckedWorld()
    world.answers.probe = answering({ httpStatus })

    const health = await world.ask(connections.checkConnection, work)

    expect(health).toMatchObject({ status, httpStatus })
  })

  it('leaves it to the kind where the integration has no check', async () => {
    const world = await aCheckedWorld()
    world.healthChecks.clear()

    const health = await world.ask(connections.checkConnection, work)

    expect(health).toMatchObject({ status: 'healthy' })
    expect(world.probes.map(({ spec }) => spec)).toEqual([undefined])
  })

  it('answers degraded when the check itself fails', async () => {
    const world = await aCheckedWorld()
    world.answers.probe = async () => {
      throw new ServiceError('failed_precondition', 'probe_refused', 'That operation writes.')
    }

    const health = await world.ask(connections.checkConnection, work)

    expect(health).toMatchObject({ status: 'degraded', detail: 'That operation writes.' })
  })

  it('answers degraded when there is no value to check', async () => {
    const world = await aCheckedWorld()
    await world.store.removeSecrets(await world.store.listSecrets({ limit: 10 }))

    const health = await world.ask(connections.checkConnection, work)

    expect(health.status).toBe('degraded')
    expect(health.detail).toContain('Enter it again')
    expect(world.probes).toEqual([])
  })

  it('answers what is known when that is fresh enough', async () => {
    const world = await aCheckedWorld()
    world.answers.probe = answering({ checkedAt: world.clock.now })
    await world.ask(connections.checkConnection, work)
    world.clock.now += 1000

    await world.ask(connections.checkConnection, { ...work, ifStaleMs: 1001 })
    await world.ask(connections.checkConnection, { ...work, ifStaleMs: 1000 })
    await world.ask(connections.checkConnection, work)

    expect(world.probes).toHaveLength(3)
  })

  it('checks once for all who ask at the same time', async () => {
    const world = await aCheckedWorld()
    const release = Promise.withResolvers<HealthCheckResult>()
    world.answers.probe = () => release.promise

    const both = Promise.all([
      world.ask(connections.checkConnection, work, alice),
      world.ask(connections.checkConnection, work, bob),
    ])
    await expect.poll(() => world.probes).toHaveLength(1)
    release.resolve({ status: 'healthy', checkedAt: 1 })

    expect((await both).map(({ status }) => status)).toEqual(['healthy', 'healthy'])
    expect(world.probes).toHaveLength(1)
  })

  it('does not keep the result for a credential that replaced the checked one', async () => {
    const world = await aCheckedWorld()
    const release = Promise.withResolvers<HealthCheckResult>()
    world.answers.probe = () => release.promise
    const check = world.ask(connections.checkConnection, work)
    await expect.poll(() => world.probes).toHaveLength(1)

    await world.ask(connections.createConnection, aConnection({ value: 'another' }))
    release.resolve({ status: 'expired', httpStatus: 401, checkedAt: 1 })
    await check

    expect((await world.ask(connections.getConnection, work)).lastHealth).toBeNull()
  })

  it('masks the credential where the upstream repeats it', async () => {
    const world = await aCheckedWorld({
      template: 'basic',
      values: { username: 'alice', password: 'p&ss"word' },
    })
    const pair = Buffer.from('alice:p&ss"word').toString('base64')
    world.answers.probe = answering({
      identity: 'p&ss"word',
      detail: `Basic ${pair} is wrong; p%26ss%22word too; {"a":"p&ss\\"word"}`,
      responseSample: [{ path: 'echo', value: `Basic ${pair}` }],
    })

    const health = await world.ask(connections.checkConnection, work)

    expect(health).toMatchObject({
      identity: '[secret]',
      detail: 'Basic [secret] is wrong; [secret] too; {"a":"[secret]"}',
      responseSample: [{ path: 'echo', value: 'Basic [secret]' }],
    })
  })

  it('publishes a change of state and no other', async () => {
    const world = await aCheckedWorld()
    world.answers.probe = answering({ httpStatus: 200 })

    await world.ask(connections.checkConnection, work)
    await world.ask(connections.checkConnection, work)
    world.answers.probe = answering({ httpStatus: 401 })
    await world.ask(connections.checkConnection, work)

    await expect
      .poll(() => world.events)
      .toMatchObject([{ change: 'created' }, { change: 'updated' }, { change: 'updated' }])
  })

  it('finds no connection of another member', async () => {
    const world = await aCheckedWorld({ owner: 'user' })

    const answer = world.ask(connections.checkConnection, { ...work, owner: 'user' }, bob)

    await expect(answer).rejects.toMatchObject({ reason: 'connection_unknown' })
  })
})
