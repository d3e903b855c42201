import type { Handler } from '@executor/bus'
import type { connections } from '@executor/contracts'
import type { HandlerDeps } from '../deps.ts'
import { removeIfUnused } from '../oauth/collect-clients.ts'
import { removeVerifier } from '../oauth/complete.ts'
import { hashState } from '../oauth/session.ts'

export function cancelOauth(deps: HandlerDeps): Handler<typeof connections.cancelOauth> {
  const { store } = deps
  return async ({ state }, { principal }) => {
    const session = await store.findOauthSession(hashState(state))
    const isTheirs = session?.tenant === principal.tenant && session.startedBy === principal.subject
    if (!session || !isTheirs || session.status !== 'pending') return { cancelled: false }
    if (!(await store.takeOauthSession(session.id))) return { cancelled: false }
    await store.removeOauthSession(session.id)
    await removeVerifier(deps, session)
    await removeIfUnused(deps, await store.findOauthClientById(session.clientId))
    return { cancelled: true }
  }
}
