import type { Handler } from '@executor/bus'
import { type policy, rulesChanged } from '@executor/contracts'
import type { HandlerDeps } from '../deps.ts'
import { toPartition } from '../partition.ts'
import { isWithinConnection } from '../reach.ts'

/**
 * With the organization's connection go everybody's rules for it. With a personal one go only its
 * owner's: to everybody else, the organization's rules included, its name means other connections.
 */
export function removeConnectionRules({
  store,
  bus,
}: HandlerDeps): Handler<typeof policy.removeConnectionRules> {
  return async (ref, { principal }) => {
    const { tenant, subject } = toPartition(principal, ref.owner)
    const removed = await store.change(tenant, (changes) =>
      changes.removeRules({
        ...(ref.owner === 'user' && { owners: ['user'] as const, subject }),
        matches: ({ pattern }) => isWithinConnection(pattern, ref),
      }),
    )
    if (removed) bus.publish(rulesChanged, { tenant })
    return { removed }
  }
}
