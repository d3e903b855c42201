import type { Handler } from '@executor/bus'
import { type policy, type Rule, rulesChanged, ServiceError } from '@executor/contracts'
import type { HandlerDeps } from '../deps.ts'
import { toWritablePartition } from '../partition.ts'
import { assertPattern } from '../pattern-argument.ts'
import { assertPosition } from '../placement.ts'
import { respaceRules } from '../respace-rules.ts'

/** A rule keeps its place unless another is named: whoever changes a pattern sees the list. */
export function updateRule({ store, bus, clock }: HandlerDeps): Handler<typeof policy.updateRule> {
  return async ({ id, owner, pattern, action, position }, { principal }) => {
    const partition = toWritablePartition(principal, owner)
    if (pattern !== undefined) assertPattern(pattern)
    const rule = await store.change(principal.tenant, async (changes) => {
      const rules = await changes.listRules(partition)
      const known = getRule(rules, id)
      const others = rules.filter((other) => other !== known)
      if (position !== undefined) assertPosition(position, others)
      const updated: Rule = {
        ...known,
        pattern: pattern ?? known.pattern,
        action: action ?? known.action,
        position: position ?? known.position,
        updatedAt: clock(),
      }
      await changes.updateRule(partition, updated)
      return respaceRules(changes, partition, updated)
    })
    bus.publish(rulesChanged, { tenant: principal.tenant })
    return rule
  }
}

function getRule(rules: readonly Rule[], id: string): Rule {
  const rule = rules.find((candidate) => candidate.id === id)
  if (rule) return rule
  throw new ServiceError(
    'not_found',
    'rule_unknown',
    `There is no rule "${id.slice(0, 80)}" of this owner. List the rules to see which there are.`,
  )
}
