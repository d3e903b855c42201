import { describe, expect, it } from 'vitest'
import { createDiscoveries } from './discoveries.ts'

const question = { key: 'files.org.main', basis: '1' }

function aDiscovery() {
  const asked: PromiseWithResolvers<string>[] = []
  const work = () => {
    const next = Promise.withResolvers<string>()
    asked.push(next)
    return next.promise
  }
  return { asked, work }
}

/** Everything that can happen without anybody answering. */
const turn = () => new Promise((resolve) => setImmediate(resolve))

describe('createDiscoveries', () => {
  it('asks the same question once at a time', async () => {
    const { asked, work } = aDiscovery()
    const discoveries = createDiscoveries<string>()

    const first = discoveries.start(question, work)
    const second = discoveries.start(question, work)
    await turn()
    asked[0]?.resolve('found')

    expect(await first).toBe('found')
    expect(await second).toBe('found')
    expect(asked).toHaveLength(1)
  })

  it('asks again after what runs when it is made to', async () => {
    const { asked, work } = aDiscovery()
    const discoveries = createDiscoveries<string>()

    const first = discoveries.start(question, work)
    const second = discoveries.restart(question, work)
    await turn()
    expect(asked).toHaveLength(1)
    asked[0]?.resolve('old')
    await first
    await turn()
    asked[1]?.resolve('new')

    expect(await second).toBe('new')
  })

  it('leaves a failure alone for longer each time, and another question not at all', async () => {
    const clock = { now: 0 }
    const discoveries = createDiscoveries<string>(() => clock.now)
    const failing = () => Promise.reject(new TypeError('down'))
    const attempt = async (basis = '1') => {
      const work = discoveries.start({ ...question, basis }, failing)
      await work?.catch(() => {})
      return work !== null
    }

    expect(await attempt()).toBe(true)
    expect(await attempt()).toBe(false)
    clock.now = 5_000
    expect(await attempt()).toBe(true)
    clock.now = 14_999
    expect(await attempt()).toBe(false)
    expect(await attempt('2')).toBe(true)
  })

  it('forgets its failures once something is found', async () => {
    const discoveries = createDiscoveries<string>(() => 0)
    await discoveries.restart(question, () => Promise.reject(new TypeError('down'))).catch(() => {})

    await discoveries.restart(question, async () => 'found')

    expect(discoveries.start(question, async () => 'again')).not.toBeNull()
  })

  it('asks eight upstreams at a time', async () => {
    const { asked, work } = aDiscovery()
    const discoveries = createDiscoveries<string>()

    const found = Array.from({ length: 9 }, (_, n) =>
      discoveries.start({ key: `files.org.${n}`, basis: '1' }, work),
    )
    await turn()
    expect(asked).toHaveLength(8)
    for (const each of asked.splice(0)) each.resolve('found')
    await turn()
    asked[0]?.resolve('found')

    expect(await Promise.all(found)).toHaveLength(9)
  })
})
