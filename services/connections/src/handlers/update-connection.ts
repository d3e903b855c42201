import type { Handler } from '@executor/bus'
import type { connections } from '@executor/contracts'
import { toKey, toWritablePartition, unknownConnection } from '../access.ts'
import { toConnection } from '../connection.ts'
import type { HandlerDeps } from '../deps.ts'

export function updateConnection({
  store,
  events,
  clock,
}: HandlerDeps): Handler<typeof connections.updateConnection> {
  return async (input, { principal }) => {
    const key = toKey(toWritablePartition(principal, input.owner), input)
    const row = await store.relabelConnection(key, input, clock())
    if (!row) throw unknownConnection(input)
    events.changed(row, 'updated')
    return toConnection(row)
  }
}
