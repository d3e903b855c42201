import { randomBytes } from 'node:crypto'
import type { Bus } from '@executor/bus'
import { operationsChanged, type SourceDiff } from '@executor/contracts'
import type { ChangeRow } from '../store/reviews.ts'
import type { HeldRow, SourceKey } from '../store.ts'

export type Cause = ChangeRow['cause']

export interface ChangeInput {
  cause: Cause
  by: string
  diff: SourceDiff
  /** Names; those that wait, or that were decided on. */
  held: string[]
}

/** Names in one record. */
const HELD_MAX = 1_000
const TIME_CHARS = 9

/** For the record; its id sorts by time. */
export function toChange({ held, ...input }: ChangeInput, at = Date.now()): ChangeRow {
  const time = at.toString(36).padStart(TIME_CHARS, '0')
  return {
    id: `${time}-${randomBytes(4).toString('hex')}`,
    at,
    held: held.slice(0, HELD_MAX),
    ...input,
  }
}

export function hasChanges({ added, changed, removed, settings }: SourceDiff): boolean {
  return added + changed + removed + settings.length > 0
}

export function countWaiting(held: readonly HeldRow[]): number {
  return held.filter(({ status }) => status === 'waiting').length
}

export function publishChange(
  bus: Pick<Bus, 'publish'>,
  tenant: string,
  { integration: slug, owner, subject, connection }: SourceKey,
  { added, changed, removed }: Pick<SourceDiff, 'added' | 'changed' | 'removed'>,
  held: readonly HeldRow[],
): void {
  bus.publish(operationsChanged, {
    tenant,
    slug,
    owner: owner === 'user' ? 'user' : 'org',
    subject,
    ...(connection === '' ? {} : { connection }),
    added,
    changed,
    removed,
    held: countWaiting(held),
  })
}
