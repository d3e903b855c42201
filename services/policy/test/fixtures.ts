import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type AnyMethod, createInProcessBus } from '@executor/bus'
import {
  type Input,
  type Output,
  type Principal,
  policy,
  type Rule,
  rulesChanged,
} from '@executor/contracts'
import { onTestFinished } from 'vitest'
import { createPolicy } from '../src/service.ts'
import { openStore } from '../src/store.ts'

export const PATH = 'github.org.work.issues.create'

export const admin: Principal = { tenant: 'acme', subject: 'ada', roles: ['admin'], via: 'rest' }
export const member: Principal = { tenant: 'acme', subject: 'bob', roles: ['member'], via: 'rest' }
export const agent: Principal = { tenant: 'acme', subject: 'ada', roles: ['agent'], via: 'mcp' }
export const machine: Principal = { tenant: 'acme', subject: '', roles: ['admin'], via: 'system' }
export const stranger: Principal = {
  tenant: 'other',
  subject: 'ada',
  roles: ['owner'],
  via: 'rest',
}

export function aRule(fields: Partial<Rule> = {}): Rule {
  const id = `pol_${fields.pattern ?? '*'}`
  return {
    id,
    owner: 'org',
    pattern: '*',
    action: 'block',
    position: 'a0',
    createdAt: 0,
    updatedAt: 0,
    ...fields,
  }
}

/** The service behind its bus, over a database; time and ids count up. */
export async function openWorld(url: string, name = '') {
  const buses = createInProcessBus()
  const store = await openStore(url)
  let tick = 0
  const deps = { store, clock: () => 1_000 + tick, newId: () => name + ++tick }
  const bus = buses.connect('policy')
  await bus.serve(policy, createPolicy({ ...deps, bus }))
  const events: string[] = []
  await bus.subscribe(rulesChanged, ({ tenant }) => events.push(tenant))
  const inside = buses.connect('executor')
  const close = async () => {
    await buses.close()
    await store.close()
  }
  onTestFinished(close)

  const ask = <M extends AnyMethod>(method: M, input: Input<M>, principal: Principal = admin) =>
    inside.request(method, input, { principal }) as Promise<Output<M>>
  const create = (
    pattern: string,
    action: Rule['action'] = 'block',
    { owner = 'org', principal = admin }: { owner?: Rule['owner']; principal?: Principal } = {},
  ) => ask(policy.createRule, { owner, pattern, action }, principal)
  const decide = async (path: string = PATH, principal: Principal = admin) => {
    const { action } = await ask(policy.decide, { path, requiresApproval: false }, principal)
    return action
  }
  const list = async (principal: Principal = admin) => {
    const { items } = await ask(policy.listRules, {}, principal)
    return items.map(({ owner, pattern }) => `${owner} ${pattern}`)
  }
  return { ask, create, decide, list, events, store }
}
/** On a SQLite file of its own. */
export async function openLocalWorld(): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), 'policy-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  return openWorld(`file:${join(folder, 'policy.db')}`)
}
export type World = Awaited<ReturnType<typeof openWorld>>
