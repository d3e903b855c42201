import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInProcessBus } from '@executor/bus'
import { catalog, connections } from '@executor/contracts'
import { createEgress } from '@executor/egress'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type KeySources, openConnections } from '../src/service.ts'
import { openStore } from '../src/store.ts'
import { aConnection, aFolder, alice, anIntegration, createLogRecorder } from './fixtures.ts'

const FIRST = '11'.repeat(32)
const SECOND = '22'.repeat(32)
const work = { owner: 'org', integration: 'github', name: 'work' } as const

/** One start of the service on a data directory, closed again by `stop`. */
async function start(folder: string, keys: KeySources | null) {
  const log = createLogRecorder()
  const net = createInProcessBus()
  const store = await openStore(`file:${join(folder, 'connections.db')}`)
  const egress = createEgress({ allowLocalNetwork: 'loopback' })
  const stop = async () => {
    await egress.close()
    await net.close()
    await store.close()
  }
  const opening = openConnections({
    store,
    bus: net.connect('connections'),
    egress,
    allowLocalNetwork: 'loopback',
    log,
    keys,
    environment: { variables: {} },
  })
  const service = await opening.catch(async (error: unknown) => {
    await stop()
    throw error
  })
  const { getIntegration } = catalog
  await net
    .connect('catalog')
    .serve(
      { service: 'catalog', methods: { getIntegration } },
      { getIntegration: ({ slug }) => anIntegration(slug) },
    )
  const bus = net.connect('executor')
  return {
    service,
    log,
    create: () => bus.request(connections.createConnection, aConnection(), { principal: alice }),
    resolve: () => bus.request(connections.resolveCredential, work, { principal: alice }),
    stop: async () => {
      await service.close()
      await stop()
    },
  }
}

describe('openConnections', () => {
  it('reads after a restart what it stored before', async () => {
    const folder = await aFolder()
    const first = await start(folder, { directory: folder })
    await first.create()
    await first.stop()

    const next = await start(folder, { directory: folder })
    onTestFinished(next.stop)

    expect((await next.resolve()).values).toEqual({ token: 'hunter2-token' })
  })

  it('refuses to start with another key and says which it expects', async () => {
    const folder = await aFolder()
    const first = await start(folder, { secretKey: FIRST })
    await first.create()
    await first.stop()

    const next = start(folder, { secretKey: SECOND })

    await expect(next).rejects.toMatchObject({
      reason: 'secret_key_mismatch',
      message: expect.stringMatching(/encrypted with the key [0-9a-f]{16}, /),
    })
  })

  it('moves to another key while the previous one is given, and then needs it no more', async () => {
    const folder = await aFolder()
    const first = await start(folder, { secretKey: FIRST })
    await first.create()
    await first.stop()

    const rotating = await start(folder, { secretKey: SECOND, previousSecretKey: FIRST })
    await rotating.service.upkeep
    await rotating.stop()

    const rotated = await start(folder, { secretKey: SECOND })
    onTestFinished(rotated.stop)
    expect((await rotated.resolve()).values).toEqual({ token: 'hunter2-token' })
    expect(rotating.log.lines).toContainEqual({
      level: 'info',
      fields: { resealed: 1 },
      message: 'encrypted stored values with the first key',
    })
  })

  it('rotates the keys of a key file, newest first', async () => {
    const folder = await aFolder()
    const first = await start(folder, { secretKey: FIRST })
    await first.create()
    await first.stop()
    await writeFile(join(folder, 'secret.key'), `${SECOND}\n${FIRST}\n`, { mode: 0o600 })

    const rotating = await start(folder, { directory: folder })
    onTestFinished(rotating.stop)
    await rotating.service.upkeep

    expect((await rotating.resolve()).values).toEqual({ token: 'hunter2-token' })
  })

  it('keeps values in memory where it has no keys', async () => {
    const folder = await aFolder()
    const first = await start(folder, null)
    const connection = await first.create()
    const resolved = await first.resolve()
    await first.stop()

    const next = await start(folder, null)
    onTestFinished(next.stop)

    expect(connection.provider).toBe('memory')
    expect(resolved.values).toEqual({ token: 'hunter2-token' })
    await expect(next.resolve()).rejects.toMatchObject({ reason: 'connection_value_missing' })
  })
})
