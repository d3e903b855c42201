import type { ReviewMode } from '@executor/contracts'
import type { compareTools } from '../imports.ts'
import type { HeldRow } from '../store.ts'

export interface HoldInput {
  mode: ReviewMode
  changes: ReturnType<typeof compareTools>
  /** Of what the source says now. */
  hashes: ReadonlyMap<string, string>
  /** Whether an operation only looked, and only looks. */
  didOnlyRead(name: string): boolean
  onlyReads(name: string): boolean
  /** What was held back before. */
  known: readonly HeldRow[]
  now: number
}

/**
 * Which operations of a refresh do not come into force until a person has looked at them. A decision
 * holds for exactly what was decided on: once the operation says something else, it waits again.
 */
export function holdBack(input: HoldInput): HeldRow[] {
  const { mode, changes, hashes, known, now } = input
  if (mode === 'none') return []
  const before = new Map(known.map((row) => [row.name, row]))
  const hold = (name: string, change: HeldRow['change']): HeldRow => {
    const hash = hashes.get(name) ?? ''
    const row = before.get(name)
    if (row?.hash === hash && row.change === change) return row
    return { name, change, hash, status: 'waiting', heldAt: now, decidedAt: null, decidedBy: null }
  }
  const added = changes.addedTools.filter((name) => mode === 'all' || !input.onlyReads(name))
  // One that looked and now writes is a new writing operation under an old name.
  const changed = changes.changedTools.filter(
    (name) => mode === 'all' || (input.didOnlyRead(name) && !input.onlyReads(name)),
  )
  return [
    ...added.map((name) => hold(name, 'added')),
    ...changed.map((name) => hold(name, 'changed')),
  ].sort((a, b) => (a.name < b.name ? -1 : 1))
}
