import type { Handler } from '@executor/bus'
import type { connections } from '@executor/contracts'
import { toKey, toPartition } from '../access.ts'
import { reveal } from '../credentials.ts'
import type { HandlerDeps } from '../deps.ts'

/** Asked before every upstream call, by the executor alone: the bus refuses the gateway. */
export function resolveCredential({
  credentials,
}: HandlerDeps): Handler<typeof connections.resolveCredential> {
  return async (input, { principal }) => {
    const key = toKey(toPartition(principal, input.owner), input)
    return reveal(await credentials.resolve(key, input.refused))
  }
}
