import type { Handler } from '@executor/bus'
import { type policy, rulesChanged } from '@executor/contracts'
import type { HandlerDeps } from '../deps.ts'
import { isWithinIntegration } from '../reach.ts'

/** Everybody's: the integration is gone for all of them. */
export function removeIntegrationRules({
  store,
  bus,
}: HandlerDeps): Handler<typeof policy.removeIntegrationRules> {
  return async ({ integration }, { principal: { tenant } }) => {
    const removed = await store.change(tenant, (changes) =>
      changes.removeRules({ matches: ({ pattern }) => isWithinIntegration(pattern, integration) }),
    )
    if (removed) bus.publish(rulesChanged, { tenant })
    return { removed }
  }
}
