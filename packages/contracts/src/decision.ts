import { matchPattern } from './pattern.ts'
import type { Decision, Rule, RuleAction } from './policy.ts'

const STRICTNESS: Record<RuleAction, number> = { approve: 0, require_approval: 1, block: 2 }

/** Each owner's first matching rule; `rules` are in position order within their owner. */
export function matchRules(rules: readonly Rule[], path: string): Rule[] {
  const org = rules.find((rule) => rule.owner === 'org' && matchPattern(rule.pattern, path))
  const user = rules.find((rule) => rule.owner === 'user' && matchPattern(rule.pattern, path))
  return [org, user].filter((rule) => rule !== undefined)
}

/**
 * The strictest of each owner's first match, so that a personal rule tightens the organization's and
 * never loosens it. Where any rule matches, the operation's own default does not count.
 */
export function decideAction(
  rules: readonly Rule[],
  path: string,
  requiresApproval: boolean,
): Decision {
  const [first, second] = matchRules(rules, path)
  if (!first)
    return { action: requiresApproval ? 'require_approval' : 'approve', source: 'plugin-default' }
  const rule = second && STRICTNESS[second.action] > STRICTNESS[first.action] ? second : first
  return { action: rule.action, source: 'user', rule }
}
