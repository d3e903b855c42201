import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { inspect } from 'node:util'
import type { AnyMethod } from '@executor/bus'
import { connections, type Input, ServiceError } from '@executor/contracts'
import { expect, it } from 'vitest'
import { aConnection, aFolder, alice, bob, openWorld } from './fixtures.ts'

const PLANTED = 'planted-3c1f9a-secret'
const work = { owner: 'org', integration: 'github', name: 'work' } as const

it('shows a secret in no reply, error, event, log line or file', async () => {
  const folder = await aFolder()
  const world = await openWorld({
    url: `file:${join(folder, 'connections.db')}`,
    variables: { EXECUTOR_CREDENTIAL_A: PLANTED },
  })
  world.healthChecks.set('github', { operation: 'users.me' })
  const seen: unknown[] = []
  const ask = async <M extends AnyMethod>(method: M, input: Input<M>, principal = alice) => {
    seen.push(await world.ask(method, input, principal).catch((error: unknown) => error))
  }
  const keys = { value: PLANTED }

  await ask(connections.createConnection, aConnection(keys))
  await ask(connections.createConnection, aConnection({ ...keys, owner: 'user' }), bob)
  await ask(
    connections.createConnection,
    aConnection({ name: 'env', from: { provider: 'env', id: 'A' } }),
  )
  await ask(connections.createConnection, aConnection({ ...keys, template: 'oauth' }))
  await ask(connections.createConnection, aConnection({ ...keys, integration: 'nowhere' }))
  await ask(connections.createConnection, aConnection({ ...keys, template: 'none' }))
  await ask(connections.createConnection, aConnection({ value: `${PLANTED}\r\n` }))
  await ask(connections.createConnection, aConnection(keys), bob)
  await ask(
    connections.createConnection,
    aConnection({ template: 'two-keys', values: { apiKey: PLANTED } }),
  )
  world.answers.probe = async () => {
    throw new ServiceError('internal', 'boom', `the upstream said ${PLANTED}`)
  }
  await ask(connections.checkConnection, work)
  world.answers.probe = async () => ({
    status: 'healthy',
    checkedAt: 1,
    identity: PLANTED,
    detail: `token=${PLANTED}`,
    responseSample: [{ path: PLANTED, value: PLANTED }],
  })
  await ask(connections.checkConnection, work)
  await ask(connections.validateCredential, { ...work, template: 'bearer', ...keys })
  await ask(connections.updateConnection, { ...work, description: 'x' })
  await ask(connections.listConnections, {})
  await ask(connections.getConnection, work)
  await ask(connections.listProviders, {})
  await ask(connections.listProviderItems, { key: 'env' })
  await ask(connections.resolveCredential, work)
  await ask(connections.createConnection, aConnection({ value: 'another' }))
  await world.askInside(connections.resolveCredential, { ...work, owner: 'user' }, bob)
  await world.store.removeSecrets(await world.store.listSecrets({ limit: 100 }))
  seen.push(
    await world.askInside(connections.resolveCredential, work).catch((error: unknown) => error),
  )
  await ask(connections.removeConnection, work)
  await expect.poll(() => world.events.length).toBeGreaterThan(5)

  const everything = [seen, world.events, world.log.lines, world.providers, world.handlers]
  const printed = inspect(everything, { depth: 20, showHidden: true, maxArrayLength: null })
  expect(seen.filter((one) => one instanceof ServiceError).length).toBeGreaterThan(5)
  expect(printed).not.toContain(PLANTED)
  expect(JSON.stringify(everything)).not.toContain(PLANTED)
  for (const file of await readdir(folder)) {
    expect(await readFile(join(folder, file), 'latin1')).not.toContain(PLANTED)
  }
})
