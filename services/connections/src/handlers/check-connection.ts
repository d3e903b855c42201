import type { Handler } from '@executor/bus'
import {
  type connections,
  type HealthCheckResult,
  isServiceError,
  type Principal,
} from '@executor/contracts'
import { toKey, toPartition, unknownConnection } from '../access.ts'
import type { ConnectionRow } from '../connection.ts'
import type { HandlerDeps } from '../deps.ts'
import { degradedHealth, toKeptHealth } from '../health.ts'
import { probe } from '../probe.ts'

export function checkConnection(deps: HandlerDeps): Handler<typeof connections.checkConnection> {
  const { store, clock } = deps
  const underway = new Map<string, Promise<HealthCheckResult>>()
  return async (input, { principal }) => {
    const row = await store.findConnection(toKey(toPartition(principal, input.owner), input))
    if (!row) throw unknownConnection(input)
    const { lastHealth, revision } = row
    if (lastHealth && clock() - lastHealth.checkedAt < (input.ifStaleMs ?? 0)) return lastHealth
    // Whoever asks while a check runs waits for that one; so it must not end with its first asker.
    const joined = underway.get(revision)
    if (joined) return joined
    const check = checkAndKeep(deps, row, principal).finally(() => underway.delete(revision))
    underway.set(revision, check)
    return check
  }
}

async function checkAndKeep(
  deps: HandlerDeps,
  row: ConnectionRow,
  principal: Principal,
): Promise<HealthCheckResult> {
  const current = await deps.credentials.refresh(row).catch(toHealthOf(deps))
  const health = 'checkedAt' in current ? current : await check(deps, current, principal)
  await deps.store.saveHealth('checkedAt' in current ? row : current, toKeptHealth(health))
  if (health.status !== row.lastHealth?.status) deps.events.changed(row, 'updated')
  return health
}

/** What it means for an account that there is no token to check with. */
function toHealthOf({ clock }: HandlerDeps) {
  return (error: unknown): HealthCheckResult => {
    if (!isServiceError(error) || !error.reason.startsWith('oauth_')) throw error
    const degraded = degradedHealth(clock(), error.message)
    return error.reason === 'oauth_reauth_required' ? { ...degraded, status: 'expired' } : degraded
  }
}

async function check(
  deps: HandlerDeps,
  row: ConnectionRow,
  principal: Principal,
): Promise<HealthCheckResult> {
  try {
    const { values } = await deps.credentials.open(row)
    const { owner, integration, template } = row
    return await probe(deps, { owner, integration, template, values }, { principal })
  } catch (error) {
    if (!isServiceError(error, 'connection_value_missing')) throw error
    return degradedHealth(deps.clock(), error.message)
  }
}
