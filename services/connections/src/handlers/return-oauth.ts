import type { Handler } from '@executor/bus'
import { type connections, isServiceError } from '@executor/contracts'
import type { HandlerDeps } from '../deps.ts'
import { completeSession, findSession } from '../oauth/complete.ts'

/** Asked in nobody's name: whose sign-in it is, its state tells. Failures are for a page to show. */
export function returnOauth(deps: HandlerDeps): Handler<typeof connections.returnOauth> {
  return async ({ visitor, ...returned }) => {
    try {
      const session = await findSession(deps, returned.state, visitor)
      const { owner, integration, name } = await completeSession(deps, session, returned)
      return { outcome: { status: 'connected', connection: { owner, integration, name } } }
    } catch (error) {
      if (!isServiceError(error)) throw error
      const { reason, message } = error
      return { outcome: { status: 'failed', reason, message } }
    }
  }
}
