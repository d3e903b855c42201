import { connections } from '@executor/contracts'
import { databaseFactories } from '@executor/storage/testing'
import { describe, expect, it, onTestFinished } from 'vitest'
import { aConnection, openWorld } from './fixtures.ts'

const work = { owner: 'org', integration: 'github', name: 'work' } as const

describe.each(databaseFactories())('two processes on one $engine database', ({ create }) => {
  async function twoWorlds() {
    const database = await create()
    onTestFinished(() => database.drop())
    const options = { url: database.url, store: { isSoleWriter: false } }
    return [await openWorld(options), await openWorld(options)] as const
  }

  it('serve each other’s changes at once', async () => {
    const [one, other] = await twoWorlds()
    const resolve = () => other.askInside(connections.resolveCredential, work)
    await one.ask(connections.createConnection, aConnection({ value: 'first' }))
    const before = await resolve()

    await one.ask(connections.createConnection, aConnection({ value: 'second' }))
    const after = await resolve()
    await one.ask(connections.removeConnection, work)
    const removed = resolve()

    expect(before.values).toEqual({ token: 'first' })
    expect(after.values).toEqual({ token: 'second' })
    await expect(removed).rejects.toMatchObject({ reason: 'connection_unknown' })
  })

  it('save one connection at once and keep one whole credential', async () => {
    const worlds = await twoWorlds()
    const saves = Array.from({ length: 6 }, (_, index) =>
      worlds[index % 2 === 0 ? 0 : 1].ask(
        connections.createConnection,
        aConnection({
          template: 'two-keys',
          values: { apiKey: `a${index}`, applicationKey: `b${index}` },
        }),
      ),
    )

    const saved = await Promise.allSettled(saves)

    const { values } = await worlds[0].askInside(connections.resolveCredential, work)
    expect(saved.some(({ status }) => status === 'fulfilled')).toBe(true)
    expect(values.apiKey?.slice(1)).toBe(values.applicationKey?.slice(1))
    expect(await worlds[1].store.listSecrets({ limit: 100 })).toHaveLength(2)
  })
})
