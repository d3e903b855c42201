import { catalog } from '@executor/contracts'
import { databaseFactories } from '@executor/storage/testing'
import { describe, expect, it, vi } from 'vitest'
import { setPetsStage } from './pets-stage.ts'
import type { Pet } from './pets-upstream.ts'

const list: Pet = { takes: 'string' }
const add: Pet = { method: 'post', takes: 'Pet' }

describe.each(databaseFactories())('staying current on $engine', ({ create }) => {
  const stage = setPetsStage(create)

  it('says what a refresh would change, and changes nothing', async () => {
    const world = await stage.openWorld()
    stage.upstream.describe({ list, add, sell: { method: 'delete' } })
    await world.addPets(stage.upstream.url)
    const before = await world.pets()
    stage.upstream.describe({ list: { ...list, description: 'Lists.' }, add, find: {} })

    const preview = await world.ask(catalog.previewRefresh, { slug: 'pets', input: {} })

    expect(preview).toMatchObject({
      toolCount: 3,
      diff: {
        added: 1,
        changed: 1,
        removed: 1,
        operations: [
          { name: 'pets.find', change: 'added', readOnly: true },
          {
            name: 'pets.list',
            change: 'changed',
            fields: [{ path: 'description', before: 'Does list.', after: 'Lists.' }],
          },
          { name: 'pets.sell', change: 'removed', readOnly: false },
        ],
      },
      heldTools: [],
    })
    expect(await world.pets()).toEqual(before)
    expect(await world.tools()).toEqual(['pets.add', 'pets.list', 'pets.sell'])
    expect(await world.ask(catalog.listChanges, { slug: 'pets' })).toEqual({ items: [] })
  })

  it('remembers what changed, by whom, and which rules it touches now', async () => {
    const world = await stage.openWorld()
    stage.upstream.describe({ list })
    await world.addPets(stage.upstream.url)
    for (const name of ['add', 'find', 'sell']) {
      stage.upstream.describe({ list, [name]: {} })
      await world.refresh()
    }
    const rule = {
      id: 'pol_1',
      owner: 'org' as const,
      pattern: 'pets.*',
      action: 'block' as const,
      position: 'a',
      createdAt: 0,
      updatedAt: 0,
    }
    world.rules.push(rule)

    const first = await world.ask(catalog.listChanges, { slug: 'pets', limit: 2 })
    const rest = await world.ask(catalog.listChanges, {
      slug: 'pets',
      cursor: first.nextCursor,
    })

    expect(first.items[0]).toMatchObject({
      cause: 'hand',
      by: 'ada',
      diff: { added: 1, removed: 1 },
      rules: [{ rule, tools: ['pets.find', 'pets.sell'] }],
    })
    const names = [...first.items, ...rest.items].map(({ diff }) =>
      diff.operations.map(({ name, change }) => `${change} ${name}`),
    )
    expect(names).toEqual([
      ['removed pets.find', 'added pets.sell'],
      ['removed pets.add', 'added pets.find'],
      ['added pets.add'],
    ])
    expect(world.events).toHaveLength(3)
  })

  it('keeps the last good catalog through an outage, and says since when and why', async () => {
    const world = await stage.openWorld()
    stage.upstream.describe({ list })
    await world.addPets(stage.upstream.url)

    stage.upstream.describe(503)
    await expect(world.refresh()).rejects.toMatchObject({ code: 'unavailable' })
    const first = (await world.pets()).lastRefresh
    await expect(world.refresh()).rejects.toMatchObject({ code: 'unavailable' })
    const second = (await world.pets()).lastRefresh

    expect(first).toMatchObject({ ok: false, error: expect.stringContaining('503') })
    expect(second).toMatchObject({ ok: false, failingSince: first?.failingSince })
    expect(await world.tools()).toEqual(['pets.list'])
    stage.upstream.describe({ list, add })
    await world.refresh()
    expect((await world.pets()).lastRefresh).toEqual({ at: expect.any(Number), ok: true })
  })

  it('takes a source of which most is gone for broken, until a person says otherwise', async () => {
    const world = await stage.openWorld()
    const many = Object.fromEntries(Array.from({ length: 12 }, (_, at) => [`op${at}`, {}]))
    stage.upstream.describe(many)
    await world.addPets(stage.upstream.url)
    stage.upstream.describe({ list })

    const preview = await world.ask(catalog.previewRefresh, { slug: 'pets', input: {} })
    await expect(world.refresh()).rejects.toMatchObject({ reason: 'refresh_suspicious' })

    expect(preview.suspicion).toBe('12 of its 12 operations are gone.')
    expect(await world.tools()).toHaveLength(12)
    expect((await world.pets()).lastRefresh).toMatchObject({ ok: false })
    await world.ask(catalog.refreshIntegration, { slug: 'pets', input: {}, force: true })
    expect(await world.tools()).toEqual(['pets.list'])
  })

  describe('on a schedule', () => {
    it('refreshes by itself, and goes on after a restart', async () => {
      const world = await stage.openWorld()
      stage.upstream.describe({ list })
      await world.addPets(stage.upstream.url)
      await world.service.follow()
      await world.ask(catalog.updateIntegration, { slug: 'pets', refreshEveryMs: 200 })

      stage.upstream.describe({ list, add })
      await vi.waitFor(async () => expect(await world.tools()).toHaveLength(2), 5_000)
      const { items } = await world.ask(catalog.listChanges, { slug: 'pets' })
      expect(items[0]).toMatchObject({ cause: 'schedule', by: '' })
      await world.close()
      stage.upstream.describe({ list, add, find: {} })

      const again = await stage.openWorld()
      await again.service.follow()

      await vi.waitFor(async () => expect(await again.tools()).toHaveLength(3), 5_000)
      await again.ask(catalog.updateIntegration, { slug: 'pets', refreshEveryMs: null })
    })

    it('leaves the revision alone where nothing changed, so that nobody asks anew', async () => {
      const world = await stage.openWorld()
      stage.upstream.describe({ list })
      await world.addPets(stage.upstream.url)
      const { revision, updatedAt } = await world.pets()
      await world.service.follow()
      await world.ask(catalog.updateIntegration, { slug: 'pets', refreshEveryMs: 100 })

      const last = await vi.waitFor(async () => {
        const { lastRefresh } = await world.pets()
        expect(lastRefresh).toMatchObject({ ok: true })
        return lastRefresh
      }, 5_000)

      expect(last?.at).toBeGreaterThan(updatedAt)
      expect(await world.pets()).toMatchObject({ revision })
    })

    it('refuses schedules that are too close, and those of sources with no upstream', async () => {
      const world = await stage.openWorld({ refreshEveryMsMin: 1000 })
      stage.upstream.describe({ list })
      await world.addPets(stage.upstream.url)

      const attempt = world.ask(catalog.updateIntegration, { slug: 'pets', refreshEveryMs: 999 })

      await expect(attempt).rejects.toMatchObject({ reason: 'refresh_too_often' })
    })
  })
})
