import type { Handler } from '@executor/bus'
import type { connections } from '@executor/contracts'
import { toWritablePartition } from '../access.ts'
import type { HandlerDeps } from '../deps.ts'
import { completeSession, findSession } from '../oauth/complete.ts'

export function completeOauth(deps: HandlerDeps): Handler<typeof connections.completeOauth> {
  return async (input, { principal }) => {
    const session = await findSession(deps, input.state, principal)
    // What they may do can have changed since they began.
    toWritablePartition(principal, session.owner)
    const { owner, integration, name } = await completeSession(deps, session, input)
    return { owner, integration, name }
  }
}
