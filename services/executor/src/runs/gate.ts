import type { Bus } from '@executor/bus'
import { isServiceError, Role, type ToolError } from '@executor/contracts'
import { z } from 'zod'
import type { InteractionRow, RunRow } from '../store/rows.ts'
import type { Store } from '../store.ts'
import { decideCall } from '../tools/decide.ts'
import { toToolError } from '../tools/failure.ts'
import type { CallableTool, CallOptions } from '../tools/tool.ts'
import { askApproval, refusal } from './approval.ts'
import { digestCall } from './digest.ts'
import { isOutage } from './outage.ts'

/** What the gate says of one call. */
export type Passage =
  /** Sent with the rights of `options`, which are the approver's where a person approved. */
  | { pass: true; decision: string; options: CallOptions }
  | { pass: false; failure: ToolError; decision: string }
  | { pass: 'ask'; interaction: InteractionRow; decision: string }

export interface GateDeps {
  store: Store
  bus: Bus
  interactionTtlMs: number | null
}

export interface GatedCall {
  run: RunRow
  position: number
  tool: CallableTool
  args: Record<string, unknown>
  options: CallOptions
  /** What was asked about this call before, and what came of it. */
  asked: InteractionRow | null
}

/** Whether a call may be sent now. Everything that is sent has passed here. */
export async function passGate(deps: GateDeps, call: GatedCall): Promise<Passage> {
  const { run, tool, options, asked } = call
  if (asked) return passAsked(call, asked)
  const verdict = await decideCall(deps.bus, tool, options).catch(toFailure)
  if ('failure' in verdict) return { pass: false, failure: verdict.failure, decision: 'undecided' }
  const { action, decision } = verdict
  if (action === 'block') return { pass: false, failure: blocked(tool.path), decision }
  if (action === 'approve') return { pass: true, decision, options }
  if (run.options.autoApprove)
    return { pass: true, decision: 'approved by who started it', options }
  const grant = await deps.store.takeGrant(run.id, tool.path)
  if (grant) {
    const decision = 'approved for the rest of this run'
    return { pass: true, decision, options: withRoles(options, grant.roles) }
  }
  const interaction = askApproval(run, call.position, tool, call.args, deps.interactionTtlMs)
  return { pass: 'ask', interaction, decision }
}

/** An answer counts for exactly what was shown, and for who gave it. */
function passAsked({ tool, args, options }: GatedCall, asked: InteractionRow): Passage {
  const decision = `${asked.status} by ${asked.answeredBy || 'nobody'} (${asked.id})`
  if (asked.status === 'open') return { pass: 'ask', interaction: asked, decision }
  if (asked.status !== 'accepted') return { pass: false, failure: refusal(asked), decision }
  if (asked.digest !== digestCall(tool.path, args)) {
    return {
      pass: false,
      decision,
      failure: {
        code: 'approval_mismatch',
        message: `What was approved is not what ${tool.path} would be sent now. Nothing was sent.`,
      },
    }
  }
  return { pass: true, decision, options: withRoles(options, asked.answeredRoles) }
}

/** The call may do what whoever approved it may. */
function withRoles(options: CallOptions, json: string | null): CallOptions {
  if (json === null) return options
  const roles = z.array(Role).parse(JSON.parse(json))
  return { ...options, principal: { ...options.principal, roles } }
}

/** Policy that is away has decided nothing: that is thrown, for whoever asks to ask again. */
function toFailure(error: unknown): { failure: ToolError } {
  if (!isServiceError(error) || isOutage(error)) throw error
  return { failure: toToolError(error) }
}

function blocked(path: string): ToolError {
  return {
    code: 'tool_blocked',
    message: `A rule blocks ${path}. Use another tool, or ask an owner to change the rule.`,
  }
}
