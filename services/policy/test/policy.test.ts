import { policy } from '@executor/contracts'
import { databaseFactories } from '@executor/storage/testing'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { admin, agent, machine, member, openWorld, PATH, stranger, type World } from './fixtures.ts'

describe.each(databaseFactories())('policy on $engine', ({ create: createDatabase }) => {
  let url: string
  let world: World
  beforeEach(async () => {
    const database = await createDatabase()
    onTestFinished(database.drop)
    url = database.url
    world = await openWorld(url)
  })

  it('holds a change for every call that starts after it was answered', async () => {
    const decisions = [await world.decide()]

    const { id } = await world.create('github.*', 'block')
    decisions.push(await world.decide())
    await world.ask(policy.updateRule, { id, owner: 'org', action: 'require_approval' })
    decisions.push(await world.decide())
    await world.ask(policy.removeRule, { id, owner: 'org' })
    decisions.push(await world.decide())

    expect(decisions).toEqual(['approve', 'block', 'require_approval', 'approve'])
  })

  it('takes the strictest of the organization’s and the account’s first match', async () => {
    await world.create('github.*', 'require_approval')
    await world.create('github.*', 'block', { owner: 'user', principal: member })
    await world.create('github.*', 'approve', { owner: 'user', principal: admin })

    expect(await world.decide(PATH, member)).toBe('block')
    expect(await world.decide(PATH, admin)).toBe('require_approval')
    expect(await world.decide(PATH, machine)).toBe('require_approval')
  })

  it('keeps tenants apart', async () => {
    await world.create('*', 'block')
    await world.create('*', 'block', { owner: 'user' })

    expect(await world.decide(PATH, stranger)).toBe('approve')
    expect(await world.list(stranger)).toEqual([])
  })

  it('keeps rules and their order through a restart', async () => {
    const patterns = ['a.n1.*', 'bottom', 'a.n2.*', '*', 'a.n3.*', 'a.n4.b.c']
    for (const pattern of patterns) await world.create(pattern)
    const order = await world.list()

    const restarted = await openWorld(url, 'restarted-')

    expect(order).toEqual([
      'org a.n4.b.c',
      'org a.n3.*',
      'org a.n2.*',
      'org a.n1.*',
      'org bottom',
      'org *',
    ])
    expect(await restarted.list()).toEqual(order)
  })

  it('gives each of many that come at once a position of its own', async () => {
    const patterns = Array.from({ length: 8 }, (_, index) => `many.n${index}.*`)

    const rules = await Promise.all(patterns.map((pattern) => world.create(pattern)))

    expect(new Set(rules.map(({ position }) => position)).size).toBe(8)
    expect(await world.list()).toHaveLength(8)
  })

  it('deals positions anew where they grew long, and keeps the order', async () => {
    const at = (position: string, pattern: string) =>
      world.ask(policy.createRule, { owner: 'org', pattern, action: 'block', position })
    await at('a0', 'first')
    await at('a1', 'last')

    const rule = await at(`a0${'V'.repeat(100)}`, 'middle')

    expect(rule.position).toBe('a1')
    expect(await world.list()).toEqual(['org first', 'org middle', 'org last'])
  })

  it('lets members change their own rules and not the organization’s', async () => {
    await world.create('*', 'block', { owner: 'user', principal: member })
    const { id } = await world.create('*')

    const attempts = [
      world.create('x', 'approve', { principal: member }),
      world.ask(policy.updateRule, { id, owner: 'org', action: 'approve' }, member),
      world.ask(policy.removeRule, { id, owner: 'org' }, member),
    ]

    for (const attempt of attempts) {
      await expect(attempt).rejects.toMatchObject({ reason: 'org_write_denied' })
    }
    expect(await world.list(member)).toEqual(['org *', 'user *'])
  })

  it('lets agents change nothing', async () => {
    const attempt = world.create('*', 'approve', { owner: 'user', principal: agent })

    await expect(attempt).rejects.toMatchObject({ code: 'permission_denied' })
  })

  it('removes with an integration and a connection what only they could match', async () => {
    const byMember = { owner: 'user', principal: member } as const
    for (const pattern of ['*', 'a.*', 'a_2.*', 'b.org.work.*', 'b.*']) await world.create(pattern)
    await world.create('a.*', 'block', byMember)
    await world.create('b.org.work.x', 'block', byMember)
    const ref = { integration: 'b', owner: 'org', connection: 'work' } as const

    expect(await world.ask(policy.removeIntegrationRules, { integration: 'a' })).toEqual({
      removed: 2,
    })
    expect(await world.ask(policy.removeConnectionRules, ref)).toEqual({ removed: 2 })
    expect(await world.list(member)).toEqual(['org b.*', 'org a_2.*', 'org *'])
  })

  it('tells of every change, and of no attempt that changed nothing', async () => {
    const { id } = await world.create('*')
    await world.create('git*').catch(() => undefined)
    await world.ask(policy.removeRule, { id: 'pol_none', owner: 'org' })
    await world.ask(policy.removeRule, { id, owner: 'org' })

    await expect.poll(() => world.events).toEqual(['acme', 'acme'])
  })
})
