import { describe, expect, it } from 'vitest'
import { rememberIntegrations } from './integration-memory.ts'
import type { IntegrationRows } from './integration-row.ts'
import type { IntegrationRow } from './store.ts'

const TENANT = 'acme'

describe('rememberIntegrations', () => {
  it('reads a tenant once, whatever is asked of it', async () => {
    const { rows, reads } = aTable([anIntegration('github'), anIntegration('slack')])
    const memory = rememberIntegrations(rows)

    const found = await Promise.all([
      memory.findIntegration(TENANT, 'github'),
      memory.findIntegration(TENANT, 'missing'),
    ])
    const listed = await memory.listIntegrations(TENANT)

    expect(found.map((row) => row?.slug)).toEqual(['github', undefined])
    expect(listed.map((row) => row.slug)).toEqual(['github', 'slack'])
    expect(reads()).toBe(1)
  })

  it('serves a change to whatever starts after it', async () => {
    const { rows } = aTable([anIntegration('github')])
    const memory = rememberIntegrations(rows)
    await memory.findIntegration(TENANT, 'github')

    await memory.updateIntegration(TENANT, 'github', { revision: 'second' })
    const updated = await memory.findIntegration(TENANT, 'github')
    await memory.insertIntegration(TENANT, anIntegration('slack'))
    const inserted = await memory.findIntegration(TENANT, 'slack')
    await memory.removeIntegration(TENANT, 'github')
    const removed = await memory.findIntegration(TENANT, 'github')

    expect(updated?.revision).toBe('second')
    expect(inserted?.slug).toBe('slack')
    expect(removed).toBeNull()
  })

  it('does not keep what was read while a change was under way', async () => {
    const table = aTable([anIntegration('github')])
    const memory = rememberIntegrations(table.rows)
    const change = table.hold()

    const update = memory.updateIntegration(TENANT, 'github', { revision: 'second' })
    const meanwhile = await memory.findIntegration(TENANT, 'github')
    change.resolve()
    await update
    const after = await memory.findIntegration(TENANT, 'github')

    expect([meanwhile?.revision, after?.revision]).toEqual(['first', 'second'])
  })

  it('asks again after a failure', async () => {
    const table = aTable([anIntegration('github')])
    const memory = rememberIntegrations(table.rows)
    table.failOnce()

    const failed = memory.findIntegration(TENANT, 'github')

    await expect(failed).rejects.toThrow('the store is gone')
    expect((await memory.findIntegration(TENANT, 'github'))?.slug).toBe('github')
  })

  it('keeps tenants apart', async () => {
    const { rows } = aTable([anIntegration('github')])
    const memory = rememberIntegrations(rows)

    expect(await memory.findIntegration(TENANT, 'github')).not.toBeNull()
    expect(await memory.findIntegration('umbrella', 'github')).toBeNull()
  })
})

function anIntegration(slug: string): IntegrationRow {
  return {
    slug,
    kind: 'openapi',
    name: slug,
    description: '',
    config: {},
    authMethods: [],
    snapshot: 'hash',
    toolCount: 1,
    displayUrl: null,
    canRefresh: true,
    healthCheck: null,
    revision: 'first',
    createdAt: 1,
    updatedAt: 1,
    pastedText: null,
  }
}

/** The rows of one tenant, whose changes can be held back. */
function aTable(given: IntegrationRow[]) {
  const table = new Map(given.map((row) => [row.slug, row]))
  let reads = 0
  let isFailing = false
  let gate = Promise.resolve()
  const rows: IntegrationRows = {
    async listIntegrations(tenant) {
      reads += 1
      if (isFailing) {
        isFailing = false
        throw new RangeError('the store is gone')
      }
      return tenant === TENANT ? [...table.values()] : []
    },
    async findIntegration(_tenant, slug) {
      return table.get(slug) ?? null
    },
    async insertIntegration(_tenant, row) {
      await gate
      table.set(row.slug, row)
      return true
    },
    async updateIntegration(_tenant, slug, change) {
      await gate
      const row = table.get(slug)
      if (!row) return null
      table.set(slug, { ...row, ...change })
      return table.get(slug) ?? null
    },
    async removeIntegration(_tenant, slug) {
      await gate
      return table.delete(slug)
    },
  }
  return {
    rows,
    reads: () => reads,
    failOnce() {
      isFailing = true
    },
    hold() {
      const held = Promise.withResolvers<void>()
      gate = held.promise
      return held
    },
  }
}
