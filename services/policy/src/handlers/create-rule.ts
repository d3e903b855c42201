import type { Handler } from '@executor/bus'
import { type policy, type Rule, rulesChanged, ServiceError } from '@executor/contracts'
import type { HandlerDeps } from '../deps.ts'
import { toWritablePartition } from '../partition.ts'
import { assertPattern } from '../pattern-argument.ts'
import { assertPosition, placeBySpecificity } from '../placement.ts'
import { respaceRules } from '../respace-rules.ts'

/** Each decision holds an owner's rules in memory, and a person must be able to read them. */
const RULES_PER_OWNER_MAX = 1_000

export function createRule({
  store,
  bus,
  clock,
  newId,
}: HandlerDeps): Handler<typeof policy.createRule> {
  return async ({ owner, pattern, action, position }, { principal }) => {
    const partition = toWritablePartition(principal, owner)
    assertPattern(pattern)
    const rule = await store.change(principal.tenant, async (changes) => {
      const others = await changes.listRules(partition)
      assertRoom(others)
      if (position !== undefined) assertPosition(position, others)
      const now = clock()
      const created: Rule = {
        id: `pol_${newId()}`,
        owner,
        pattern,
        action,
        position: position ?? placeBySpecificity(others, pattern),
        createdAt: now,
        updatedAt: now,
      }
      await changes.insertRule(partition, created)
      return respaceRules(changes, partition, created)
    })
    bus.publish(rulesChanged, { tenant: principal.tenant })
    return rule
  }
}

function assertRoom(rules: readonly Rule[]): void {
  if (rules.length < RULES_PER_OWNER_MAX) return
  throw new ServiceError(
    'resource_exhausted',
    'rules_exhausted',
    `There are ${RULES_PER_OWNER_MAX} rules already. Remove some, or say more with one: "*" fills a whole segment.`,
  )
}
