import type { Handler } from '@executor/bus'
import type { policy } from '@executor/contracts'
import type { HandlerDeps } from '../deps.ts'
import { findTouchedRules } from '../touched-rules.ts'

/** Of the rules that the one who asks sees. */
export function listTouchedRules({
  store,
}: Pick<HandlerDeps, 'store'>): Handler<typeof policy.listTouchedRules> {
  return async (asked, { principal }) => {
    const { rules } = await store.rulesFor(principal.tenant, principal.subject)
    return findTouchedRules(rules, asked)
  }
}
