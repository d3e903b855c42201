import type { Decision, Rule, RuleAction } from './policy.ts'
import { createRuleIndex, type RuleIndex } from './rule-index.ts'

const STRICTNESS: Record<RuleAction, number> = { approve: 0, require_approval: 1, block: 2 }

/** Decides many addresses by the same rules; `rules` are in position order within their owner. */
export interface Decider {
  /** Each owner's first matching rule, the organization's first. */
  match(path: string): Rule[]
  decide(path: string, requiresApproval: boolean): Decision
}

/** Prepares rules once, so that a decision costs the length of an address, not the number of rules. */
export function createDecider(rules: readonly Rule[]): Decider {
  return combineRules(
    createRuleIndex(rules.filter((rule) => rule.owner === 'org')),
    createRuleIndex(rules.filter((rule) => rule.owner === 'user')),
  )
}

/** A decider over indexes that were prepared apart, such as the organization's, which all share. */
export function combineRules(org: RuleIndex, user: RuleIndex): Decider {
  return {
    match: (path) => [org.match(path), user.match(path)].filter((rule) => rule !== null),
    decide: (path, requiresApproval) => {
      const rule = strictest(org.match(path), user.match(path))
      if (rule) return { action: rule.action, source: 'user', rule }
      return { action: toDefaultAction(requiresApproval), source: 'plugin-default' }
    },
  }
}

/** What holds where no rule matches. */
export function toDefaultAction(requiresApproval: boolean): RuleAction {
  return requiresApproval ? 'require_approval' : 'approve'
}

/**
 * The strictest of each owner's first match, so that a personal rule tightens the organization's and
 * never loosens it. Where any rule matches, the operation's own default does not count.
 */
function strictest(org: Rule | null, user: Rule | null): Rule | null {
  if (!org || !user) return org ?? user
  return STRICTNESS[user.action] > STRICTNESS[org.action] ? user : org
}

/** Each owner's first matching rule; `rules` are in position order within their owner. */
export function matchRules(rules: readonly Rule[], path: string): Rule[] {
  return createDecider(rules).match(path)
}

/** One decision. Whoever has many to make prepares the rules with `createDecider`. */
export function decideAction(
  rules: readonly Rule[],
  path: string,
  requiresApproval: boolean,
): Decision {
  return createDecider(rules).decide(path, requiresApproval)
}
