import type { Handler } from '@executor/bus'
import { type policy, rulesChanged } from '@executor/contracts'
import type { HandlerDeps } from '../deps.ts'
import { toWritablePartition } from '../partition.ts'

export function removeRule({ store, bus }: HandlerDeps): Handler<typeof policy.removeRule> {
  return async ({ id, owner }, { principal }) => {
    const { tenant, subject } = toWritablePartition(principal, owner)
    const count = await store.change(tenant, (changes) =>
      changes.removeRules({ owners: [owner], subject, matches: (rule) => rule.id === id }),
    )
    if (count) bus.publish(rulesChanged, { tenant })
    return { removed: count > 0 }
  }
}
