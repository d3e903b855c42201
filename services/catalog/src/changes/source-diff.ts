import type { Annotations, FieldChange, OperationChange, SourceDiff } from '@executor/contracts'
import type { compareTools } from '../imports.ts'
import type { Snapshots } from '../snapshots.ts'
import type { Store } from '../store.ts'
import { diffOperations } from './field-diff.ts'

/** Operations of one diff that are named; each may have dozens of fields. */
const OPERATIONS_MAX = 200
/** Changed ones that are looked into. */
const DETAILED_MAX = 100

export interface DiffDeps {
  store: Pick<Store, 'findListings'>
  snapshots: Pick<Snapshots, 'operation'>
}

export interface Sides {
  tenant: string
  /** Hashes of the two snapshots. */
  before: string
  after: string
}

export type ToolNames = ReturnType<typeof compareTools>

/** What is between two snapshots, operation by operation; both must be there. */
export async function diffSnapshots(
  deps: DiffDeps,
  sides: Sides,
  { addedTools, changedTools, removedTools }: ToolNames,
  settings: FieldChange[] = [],
): Promise<SourceDiff> {
  const named = [
    ...addedTools.map((name) => ({ name, change: 'added' as const })),
    ...changedTools.map((name) => ({ name, change: 'changed' as const })),
    ...removedTools.map((name) => ({ name, change: 'removed' as const })),
  ]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .slice(0, OPERATIONS_MAX)
  return {
    added: addedTools.length,
    changed: changedTools.length,
    removed: removedTools.length,
    operations: await describeChanges(deps, sides, named),
    settings,
  }
}

/** In the order in which they are given. */
export async function describeChanges(
  { store, snapshots }: DiffDeps,
  { tenant, before, after }: Sides,
  named: readonly Pick<OperationChange, 'name' | 'change'>[],
): Promise<OperationChange[]> {
  const gone = named.filter(({ change }) => change === 'removed').map(({ name }) => name)
  const here = named.filter(({ change }) => change !== 'removed').map(({ name }) => name)
  const listings = new Map([
    ...(await store.findListings(tenant, before, gone)),
    ...(await store.findListings(tenant, after, here)),
  ])
  const found: OperationChange[] = []
  let detailed = 0
  for (const { name, change } of named) {
    const readOnly = isReadOnly(listings.get(name))
    if (change !== 'changed') {
      found.push({ name, change, readOnly, fields: [] })
      continue
    }
    const isLookedInto = detailed++ < DETAILED_MAX
    const [old, now] = isLookedInto
      ? await Promise.all([
          snapshots.operation(tenant, before, name, true),
          snapshots.operation(tenant, after, name, true),
        ])
      : []
    const { fields, isCut } = old && now ? diffOperations(old, now) : { fields: [], isCut: true }
    found.push({ name, change, readOnly, fields, ...(isCut ? { fieldsCut: true } : {}) })
  }
  return found
}

/** Whether an operation only looks, by its stored listing. */
export function isReadOnly(listing: string | undefined): boolean {
  if (listing === undefined) return false
  return (JSON.parse(listing) as { annotations?: Annotations }).annotations?.readOnly === true
}
