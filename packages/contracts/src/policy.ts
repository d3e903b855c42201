import { z } from 'zod'
import { Owner } from './address.ts'
import { defineContract, defineEvent } from './define.ts'
import { PageInput, Timestamp } from './json.ts'

/** The reference's word for *allow* is `approve`; it is kept on every surface people already use. */
export const RuleAction = z.enum(['approve', 'require_approval', 'block'])
export type RuleAction = z.infer<typeof RuleAction>

export const Rule = z.object({
  id: z.string(),
  owner: Owner,
  pattern: z.string(),
  action: RuleAction,
  /** A fractional index; lower sorts first and wins within its owner. */
  position: z.string(),
  createdAt: Timestamp,
  updatedAt: Timestamp,
})
export type Rule = z.infer<typeof Rule>

/** What a decision rests on: each owner's first match, and the default they stand above. */
export const Decision = z.object({
  action: RuleAction,
  source: z.enum(['user', 'plugin-default']),
  /** The rule that decided; absent for the default. */
  rule: Rule.optional(),
})
export type Decision = z.infer<typeof Decision>

export const Explanation = Decision.extend({
  path: z.string(),
  /** First match of each owner, the one that lost included. */
  matches: z.array(Rule),
  /** What would hold without any rule. */
  defaultAction: RuleAction,
  reason: z.string(),
})
export type Explanation = z.infer<typeof Explanation>

const Pattern = z.string().min(1).max(1024)
const Target = {
  /** An address without its `tools.` root. */
  path: z.string().min(1).max(1100),
  /** What the operation itself asks for when no rule matches. */
  requiresApproval: z.boolean(),
}

/** A rule, and which of the tools in question it can match. */
export const TouchedRule = z.object({
  rule: Rule,
  /** The first of them. */
  tools: z.array(z.string()),
  toolCount: z.number().int(),
})
export type TouchedRule = z.infer<typeof TouchedRule>

export const policy = defineContract('policy', {
  /** Asked before every invocation, by the executor. */
  decide: { input: z.object(Target), output: Decision, access: 'internal', idempotent: true },
  explain: {
    input: z.object({ address: z.string().max(1100), requiresApproval: z.boolean() }),
    output: Explanation,
    access: 'read',
    idempotent: true,
  },
  /** In the order they are tried: the organization's, then the subject's own. */
  listRules: {
    input: z.object({ ...PageInput }),
    output: z.object({ items: z.array(Rule), nextCursor: z.string().optional() }),
    access: 'read',
    idempotent: true,
  },
  /** Which rules could match tools of an integration: of one account, or of whichever. */
  listTouchedRules: {
    input: z.object({
      integration: z.string(),
      account: z.object({ owner: Owner, connection: z.string() }).optional(),
      tools: z.array(z.string().max(256)).max(50_000),
    }),
    output: z.array(TouchedRule),
    access: 'read',
    idempotent: true,
  },
  createRule: {
    input: z.object({
      owner: Owner,
      pattern: Pattern,
      action: RuleAction,
      position: z.string().max(256).optional(),
    }),
    output: Rule,
    access: 'manage',
  },
  updateRule: {
    input: z.object({
      id: z.string(),
      owner: Owner,
      pattern: Pattern.optional(),
      action: RuleAction.optional(),
      position: z.string().max(256).optional(),
    }),
    output: Rule,
    access: 'manage',
  },
  removeRule: {
    input: z.object({ id: z.string(), owner: Owner }),
    output: z.object({ removed: z.boolean() }),
    access: 'manage',
  },
  /** Rules that can match nothing but what is gone. */
  removeIntegrationRules: {
    input: z.object({ integration: z.string() }),
    output: z.object({ removed: z.number().int() }),
    access: 'internal',
  },
  removeConnectionRules: {
    input: z.object({ integration: z.string(), owner: Owner, connection: z.string() }),
    output: z.object({ removed: z.number().int() }),
    access: 'internal',
  },
})

export const rulesChanged = defineEvent('policy', 'rulesChanged', z.object({ tenant: z.string() }))
