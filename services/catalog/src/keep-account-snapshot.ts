import type { Bus } from '@executor/bus'
import { integrationChanged, type Principal } from '@executor/contracts'
import { hasChanges, publishChange, toChange } from './changes/record.ts'
import { diffSnapshots } from './changes/source-diff.ts'
import { compareTools, saveSnapshot } from './imports.ts'
import { settle } from './review/settle.ts'
import type { Snapshots } from './snapshots.ts'
import type { AccountSource } from './sources/source.ts'
import type { ConnectionKey, Store } from './store.ts'
import { findSuspicion, refreshSuspicious } from './suspicion.ts'
import type { Turns } from './turns.ts'

export interface KeepDeps {
  store: Store
  snapshots: Snapshots
  bus: Bus
  turns: Turns
}

export interface FoundAccount extends ConnectionKey {
  tenant: string
  /** What it was found out from. */
  basis: string
}

export interface KeepReason {
  cause: 'hand' | 'upstream'
  by: Pick<Principal, 'subject' | 'roles'>
}

export interface KeptAccount extends ReturnType<typeof compareTools> {
  toolCount: number
  heldTools?: string[]
  warnings: string[]
}

/** Brings into force what an account reaches, as far as it need not be looked at first. */
export function keepAccountSnapshot(
  deps: KeepDeps,
  account: FoundAccount,
  source: AccountSource,
  reason: KeepReason,
): Promise<KeptAccount> {
  return deps.turns.take(account.tenant, () => keep(deps, account, source, reason))
}

async function keep(
  deps: KeepDeps,
  { tenant, basis, ...key }: FoundAccount,
  source: AccountSource,
  { cause, by }: KeepReason,
): Promise<KeptAccount> {
  const { store, bus } = deps
  const offered = source.snapshot.hash
  const [known, { review: mode }, rows, offerBefore] = await Promise.all([
    store.findConnectionSnapshot(tenant, key),
    store.findUpkeep(tenant, key.integration),
    store.listHeld(tenant, key),
    store.findOffer(tenant, key),
  ])
  const before = known ? await store.listTools(tenant, known.snapshot) : []
  // A person who asks again sees what comes, and may want to know that nothing is left.
  if (!isPerson(by)) assertPlausible(before, source)
  await saveSnapshot(deps, tenant, source)
  // What is reached for the first time is what was connected to: there is nothing to compare it with.
  const inForce = known?.snapshot ?? offered
  const settled = await settle(store, { tenant, inForce, offered, mode, known: rows })
  const { snapshot, tools, held } = settled
  const changes = known ? settled.changes : compareTools([], tools)
  const diff = await diffSnapshots(
    deps,
    { tenant, before: inForce, after: snapshot },
    settled.changes,
  )
  const waiting = held.filter(({ status }) => status === 'waiting').map(({ name }) => name)
  const isOfferNew = held.length > 0 && offerBefore !== offered
  const isNews = hasChanges(diff) || isOfferNew || rows.length !== held.length
  await store.setConnectionSnapshot(
    tenant,
    { ...key, snapshot, basis, updatedAt: Date.now() },
    {
      key,
      offer: held.length > 0 ? offered : null,
      held,
      change: isNews ? toChange({ cause, by: by.subject, diff, held: waiting }) : null,
    },
  )
  await adopt(store, tenant, key, { snapshot, toolCount: tools.length })
  for (const hash of new Set([inForce, offered, snapshot, ...(offerBefore ? [offerBefore] : [])]))
    if (hash !== snapshot) await store.dropUnusedSnapshot(tenant, hash)
  if (known?.snapshot !== snapshot)
    bus.publish(integrationChanged, { tenant, slug: key.integration, change: 'updated' })
  if (isNews) publishChange(bus, tenant, key, diff, held)
  return {
    ...changes,
    toolCount: tools.length,
    ...(waiting.length > 0 ? { heldTools: waiting } : {}),
    warnings: source.warnings,
  }
}

/** An integration that could tell nothing of itself shows what its first account reaches. */
async function adopt(
  store: Store,
  tenant: string,
  key: ConnectionKey,
  found: { snapshot: string; toolCount: number },
): Promise<void> {
  const integration = await store.findIntegration(tenant, key.integration)
  if (!integration) {
    // Removed while the account was asked.
    await store.removeReviews(tenant, key)
    for (const hash of await store.removeConnectionSnapshots(tenant, key))
      await store.dropUnusedSnapshot(tenant, hash)
    return
  }
  if (key.owner !== 'org' || integration.toolCount > 0) return
  if (integration.snapshot === found.snapshot) return
  await store.updateIntegration(tenant, integration.slug, found)
  await store.dropUnusedSnapshot(tenant, integration.snapshot)
}

function assertPlausible(
  before: readonly { name: string; hash: string }[],
  { snapshot }: AccountSource,
): void {
  const removed = compareTools(before, snapshot.tools).removedTools.length
  const suspicion = findSuspicion({ before: before.length, removed, after: snapshot.tools.length })
  if (suspicion !== null) throw refreshSuspicious(suspicion)
}

/** Not an agent, and not one of our own processes. */
function isPerson({ roles }: KeepReason['by']): boolean {
  return !roles.includes('agent') && !roles.includes('service')
}
