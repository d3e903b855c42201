import type { Handler } from '@executor/bus'
import { type connections, policy } from '@executor/contracts'
import { toKey, toWritablePartition, unknownConnection } from '../access.ts'
import type { ConnectionKey, ConnectionRow } from '../connection.ts'
import type { HandlerDeps } from '../deps.ts'
import { endSignIn } from '../oauth/end-sign-in.ts'
import { ATTEMPTS_MAX, busyConnection, removeValues } from '../save-connection.ts'

export function removeConnection(deps: HandlerDeps): Handler<typeof connections.removeConnection> {
  return async (input, { principal, signal }) => {
    const key = toKey(toWritablePartition(principal, input.owner), input)
    const isRemoved = await removeRow(deps, key)
    // After the row: a rule that blocks must not go while there is something left to block. Also
    // without a row: an earlier attempt may have ended before this.
    const rules = await deps.bus.request(
      policy.removeConnectionRules,
      { integration: key.integration, owner: key.owner, connection: key.name },
      { principal, signal },
    )
    if (!isRemoved && rules.removed === 0) throw unknownConnection(input)
    return { removed: true }
  }
}

async function removeRow(deps: HandlerDeps, key: ConnectionKey): Promise<boolean> {
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    const row = await deps.store.findConnection(key)
    if (!row) return false
    if (await removeAt(deps, row)) return true
  }
  throw busyConnection(key)
}

/** False when somebody saved another credential meanwhile, which has to go too. */
async function removeAt(deps: HandlerDeps, row: ConnectionRow): Promise<boolean> {
  try {
    if (!(await deps.store.removeConnection(row))) return false
  } finally {
    deps.credentials.drop(row, row.revision)
  }
  deps.events.changed(row, 'removed')
  await endSignIn(deps, row)
  await removeValues(deps, row)
  return true
}
