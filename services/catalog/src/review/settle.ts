import type { ReviewMode } from '@executor/contracts'
import { isReadOnly } from '../changes/source-diff.ts'
import { compareTools } from '../imports.ts'
import type { HeldRow, Store } from '../store.ts'
import { composeView } from './compose-view.ts'
import { holdBack } from './hold.ts'

export interface SettleInput {
  tenant: string
  inForce: string
  offered: string
  mode: ReviewMode
  /** What was held back before. */
  known: readonly HeldRow[]
}

/** What comes into force of what a source says. */
export interface Settled {
  snapshot: string
  tools: { name: string; hash: string }[]
  held: HeldRow[]
  /** Between what was in force and what comes. */
  changes: ReturnType<typeof compareTools>
}

/** Which operations would wait; both snapshots are stored. */
export async function findHeld(
  store: Store,
  { tenant, inForce, offered, mode, known }: SettleInput,
): Promise<HeldRow[]> {
  if (mode === 'none') return []
  const after = await store.listTools(tenant, offered)
  const changes = compareTools(await store.listTools(tenant, inForce), after)
  const { addedTools, changedTools } = changes
  const isWritesOnly = mode === 'writes'
  const [old, now] = await Promise.all([
    isWritesOnly ? store.findListings(tenant, inForce, changedTools) : new Map<string, string>(),
    isWritesOnly
      ? store.findListings(tenant, offered, [...addedTools, ...changedTools])
      : new Map<string, string>(),
  ])
  return holdBack({
    mode,
    changes,
    known,
    hashes: new Map(after.map(({ name, hash }) => [name, hash])),
    didOnlyRead: (name) => isReadOnly(old.get(name)),
    onlyReads: (name) => isReadOnly(now.get(name)),
    now: Date.now(),
  })
}

/** Decides what waits, and stores the snapshot of the rest. */
export async function settle(store: Store, input: SettleInput): Promise<Settled> {
  const held = await findHeld(store, input)
  return { ...(await settleWith(store, input, held)), held }
}

/** The same, where it is known what waits. */
export async function settleWith(
  store: Store,
  { tenant, inForce, offered }: Pick<SettleInput, 'tenant' | 'inForce' | 'offered'>,
  held: readonly HeldRow[],
): Promise<Omit<Settled, 'held'>> {
  const before = await store.listTools(tenant, inForce)
  const { hash, tools } = await composeView(store, { tenant, inForce, offered, held })
  return { snapshot: hash, tools, changes: compareTools(before, tools) }
}
