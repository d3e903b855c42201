import type { Bus } from '@executor/bus'
import { isAgent, policy } from '@executor/contracts'
import type { CallableTool, CallOptions } from './tool.ts'

export interface Verdict {
  action: 'approve' | 'require_approval' | 'block'
  /** Kept with the step: which rule, or the operation's own default. */
  decision: string
}

/** Asks policy. This is the one place where a call is let through. */
export async function decideCall(
  bus: Bus,
  tool: CallableTool,
  { principal, signal }: CallOptions,
): Promise<Verdict> {
  const { path, requiresApproval } = tool
  const { action, rule } = await (tool.decide?.() ??
    bus.request(policy.decide, { path, requiresApproval }, { principal, signal }))
  const decision = rule ? `${action} by rule ${rule.id} (${rule.pattern})` : `${action} by default`
  // No rule lets an agent change rules, connections or integrations by itself.
  if (tool.alwaysAsksAgents && isAgent(principal) && action === 'approve') {
    return {
      action: 'require_approval',
      decision: 'require_approval: an agent asks to change the instance',
    }
  }
  return { action, decision }
}
