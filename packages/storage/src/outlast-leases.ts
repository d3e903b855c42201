import { setTimeout as sleep } from 'node:timers/promises'
import { LEASE_MS } from '@executor/contracts'
import type { EngineName } from './migrations.ts'

/** For clocks that do not run equally fast. */
const MARGIN_MS = 10

/**
 * Called after a change was committed, and before it is answered: resolves when nobody acts any more
 * on what was read before (`LEASE_MS`). At once where one process has the database for itself.
 */
export async function outlastLeases(engine: EngineName): Promise<void> {
  if (engine === 'postgresql') await sleep(LEASE_MS + MARGIN_MS)
}
