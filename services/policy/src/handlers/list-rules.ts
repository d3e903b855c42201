import type { Handler } from '@executor/bus'
import type { policy } from '@executor/contracts'
import type { HandlerDeps } from '../deps.ts'
import { toPage } from '../page.ts'

export function listRules({ store }: Pick<HandlerDeps, 'store'>): Handler<typeof policy.listRules> {
  return async (page, { principal }) => {
    const { rules } = await store.rulesFor(principal.tenant, principal.subject)
    return toPage(rules, page)
  }
}
