import { isServiceError } from '@executor/contracts'
import type { ConnectionKey, Store } from './store.ts'
import { afterFailure, afterSuccess } from './upkeep.ts'

type Upkeeps = Pick<Store, 'findUpkeep' | 'setUpkeep' | 'findConnectionSnapshot'>

/** Writes down how a refresh went; null for well. */
export async function noteOutcome(
  store: Upkeeps,
  tenant: string,
  slug: string,
  error: unknown,
): Promise<void> {
  const upkeep = await store.findUpkeep(tenant, slug)
  const moment = { now: Date.now(), chance: Math.random() }
  const change =
    error === null ? afterSuccess(upkeep, moment) : afterFailure(upkeep, toReason(error), moment)
  await store.setUpkeep(tenant, slug, change)
}

/**
 * The same for an account that everybody shares: its outage is one of the integration's. An account
 * that never reached anything has lost nothing; whoever made it is told. The schedule stays.
 */
export async function noteAccountOutcome(
  store: Upkeeps,
  { tenant, integration, owner, subject, connection }: ConnectionKey & { tenant: string },
  error: unknown,
): Promise<void> {
  if (owner !== 'org') return
  const upkeep = await store.findUpkeep(tenant, integration)
  const moment = { now: Date.now(), chance: 0 }
  const about = `${connection}: `
  if (error === null) {
    if (!upkeep.error?.startsWith(about)) return
    const change = afterSuccess(upkeep, moment)
    await store.setUpkeep(tenant, integration, { ...change, dueAt: upkeep.dueAt })
  } else if (
    await store.findConnectionSnapshot(tenant, { integration, owner, subject, connection })
  ) {
    const reason = about + toReason(error)
    const change = afterFailure(upkeep, reason, moment)
    await store.setUpkeep(tenant, integration, { ...change, dueAt: upkeep.dueAt })
  }
}

function toReason(error: unknown): string {
  return isServiceError(error) && error.code !== 'internal'
    ? error.message
    : 'Something went wrong on our side.'
}
