import type { Handler } from '@executor/bus'
import type { policy } from '@executor/contracts'
import type { HandlerDeps } from '../deps.ts'

/** Asked before every invocation: everything it needs was prepared when the rules last changed. */
export function decide({ store }: Pick<HandlerDeps, 'store'>): Handler<typeof policy.decide> {
  return async ({ path, requiresApproval }, { principal }) => {
    const { decider } = await store.rulesFor(principal.tenant, principal.subject)
    return decider.decide(path, requiresApproval)
  }
}
