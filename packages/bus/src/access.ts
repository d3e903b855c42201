import { isAgent, type Principal } from '@executor/contracts'
import type { AnyMethod } from './bus.ts'
import { busFailure } from './failures.ts'

/** The one process that speaks for strangers. Whatever it asks for, a stranger may have asked for. */
const DOOR = 'gateway'

/**
 * Enforces a method's `access` on the server's side, whatever the client believed. `internal`
 * looks at the process that asks, not at the principal: services forward the principal they serve.
 */
export function assertAccess(method: AnyMethod, principal: Principal, caller: string): void {
  if (method.access === 'internal' && caller === DOOR) {
    throw busFailure.internalMethod(method.subject)
  }
  if (method.access === 'manage' && isAgent(principal)) {
    throw busFailure.agentNotAllowed(method.subject)
  }
}
