import type { Handler } from '@executor/bus'
import type { connections } from '@executor/contracts'
import { toKey, toPartition, unknownConnection } from '../access.ts'
import { toConnection } from '../connection.ts'
import type { HandlerDeps } from '../deps.ts'

export function getConnection({ store }: HandlerDeps): Handler<typeof connections.getConnection> {
  return async (input, { principal }) => {
    const row = await store.findConnection(toKey(toPartition(principal, input.owner), input))
    if (!row) throw unknownConnection(input)
    return toConnection(row)
  }
}
