import type { Rule } from '@executor/contracts'
import type { Partition } from './partition.ts'
import { respace } from './placement.ts'
import type { RuleChanges } from './store.ts'

/** Deals the positions of an owner's rules anew where one grew too long; answers the rule as it is then. */
export async function respaceRules(
  changes: RuleChanges,
  partition: Partition,
  rule: Rule,
): Promise<Rule> {
  const moved = respace(await changes.listRules(partition))
  for (const other of moved) await changes.updateRule(partition, other)
  return moved.find(({ id }) => id === rule.id) ?? rule
}
