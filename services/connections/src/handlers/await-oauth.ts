import { setTimeout as sleep } from 'node:timers/promises'
import type { Handler } from '@executor/bus'
import { type connections, type OauthOutcome, ServiceError } from '@executor/contracts'
import type { HandlerDeps } from '../deps.ts'
import { findSession } from '../oauth/complete.ts'
import type { OauthSessionRow } from '../oauth/session.ts'

/** Milliseconds between two looks: any process may be the one that completes it. */
const LOOK_MS = 300

export function awaitOauth(deps: HandlerDeps): Handler<typeof connections.awaitOauth> {
  return async ({ state, waitMs }, { principal, signal }) => {
    const patience = AbortSignal.any([AbortSignal.timeout(Math.max(1, waitMs)), signal])
    for (;;) {
      const session = await findSession(deps, state, principal)
      const outcome = toOutcome(session, deps.clock())
      if (outcome.status !== 'pending' || patience.aborted) return outcome
      await sleep(LOOK_MS, undefined, { signal: patience }).catch(() => {
        if (signal.aborted) throw cancelled()
      })
    }
  }
}

function toOutcome(session: OauthSessionRow, now: number): OauthOutcome {
  const { owner, integration, name, status, failureReason, failureMessage } = session
  if (status === 'connected')
    return { status: 'connected', connection: { owner, integration, name } }
  if (status === 'failed')
    return { status: 'failed', reason: failureReason ?? '', message: failureMessage ?? '' }
  if (session.expiresAt > now) return { status: 'pending' }
  const message = 'Nobody signed in within 15 minutes. Begin again.'
  return { status: 'failed', reason: 'oauth_session_expired', message }
}

function cancelled(): ServiceError {
  return new ServiceError('cancelled', 'cancelled', 'Nobody waits any more.')
}
