import { connections } from '@executor/contracts'
import { describe, expect, it } from 'vitest'
import { agent, alice, bob, machine, openWorld } from '../../test/fixtures.ts'

const given = {
  owner: 'user',
  integration: 'github',
  template: 'bearer',
  value: 'hunter2-token',
} as const

describe('validateCredential', () => {
  it('tries a credential and saves nothing', async () => {
    const world = await openWorld()
    world.healthChecks.set('github', { operation: 'users.me' })

    const health = await world.ask(connections.validateCredential, given, bob)

    expect(health).toMatchObject({ status: 'healthy', httpStatus: 200 })
    expect(world.probes).toMatchObject([{ values: { token: 'hunter2-token' } }])
    expect(await world.ask(connections.listConnections, {}, bob)).toEqual({ items: [] })
    expect(await world.store.listSecrets({ limit: 10 })).toEqual([])
  })

  it('prefers the check it is given', async () => {
    const world = await openWorld()
    world.healthChecks.set('github', { operation: 'users.me' })

    await world.ask(connections.validateCredential, { ...given, spec: { operation: 'ping' } })

    expect(world.probes).toMatchObject([{ spec: { operation: 'ping' } }])
  })

  it('tries a value from the environment', async () => {
    const world = await openWorld({ variables: { EXECUTOR_CREDENTIAL_A: 'from-env' } })
    const { value: _, ...rest } = given

    await world.ask(connections.validateCredential, {
      ...rest,
      spec: { operation: 'ping' },
      from: { provider: 'env', id: 'A' },
    })

    expect(world.probes).toMatchObject([{ values: { token: 'from-env' } }])
  })

  it.each([
    ['an unknown method', { template: 'oauth' }, alice, 'connection_template_unknown'],
    [
      'an unknown input',
      { values: { tokne: 'x' }, value: undefined },
      alice,
      'connection_input_invalid',
    ],
    ['an unknown integration', { integration: 'nowhere' }, alice, 'integration_unknown'],
    [
      'the operator’s values for a member',
      { value: undefined, from: { provider: 'env', id: 'A' } },
      bob,
      'provider_access_denied',
    ],
    ['a personal one of nobody', {}, machine, 'subject_required'],
    ['an agent', {}, agent, 'agent_not_allowed'],
  ])('refuses %s', async (_, change, principal, reason) => {
    const world = await openWorld()

    const answer = world.ask(
      connections.validateCredential,
      { ...given, ...change } as never,
      principal,
    )

    await expect(answer).rejects.toMatchObject({ reason })
    expect(world.probes).toEqual([])
  })
})
