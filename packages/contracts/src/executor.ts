import { z } from 'zod'
import { defineContract } from './define.ts'
import { Interaction, interactionMethods } from './executor-interactions.ts'
import { AWAIT_MS_MAX, RunOutcome, runMethods } from './executor-runs.ts'
import { upstreamMethods } from './executor-upstreams.ts'
import { JsonObject } from './json.ts'
import { ToolResult } from './operation.ts'

/** Whom an upstream's questions can be put to, beside people. */
const Asked = {
  /** The caller is an MCP client that asks its model on behalf of upstreams. */
  canSample: z.boolean().optional(),
}

export const InvokeInput = z.object({
  address: z.string().min(1).max(1100),
  arguments: JsonObject.default({}),
  /** Made by the caller: asking again with the same id never starts a second run. */
  runId: z.string().max(64).optional(),
  ...Asked,
})

/** A gated call, which was not sent, or one whose upstream asks before it goes on. */
export const WaitingInvocation = z.object({
  status: z.literal('waiting'),
  runId: z.string(),
  interaction: Interaction,
})
export type WaitingInvocation = z.infer<typeof WaitingInvocation>

const CODE_CHARS_MAX = 1_000_000

export const executor = defineContract('executor', {
  /**
   * One tool call: located, checked, decided, sent, recorded. The JSON text is a ToolResult
   * (`{"ok":…`) or, for a gated call, a WaitingInvocation (`{"status":"waiting",…`).
   */
  invoke: {
    input: InvokeInput,
    output: z.union([ToolResult, WaitingInvocation]),
    access: 'call',
    timeoutMs: 180_000,
    encoded: true,
  },
  /**
   * Starts agent code, and waits up to `waitMs` for it to settle or to need a person. The JSON text of
   * one that settled ends with its result, which may be long: whoever hands it on need not read it.
   */
  execute: {
    input: z.object({
      code: z.string().min(1).max(CODE_CHARS_MAX),
      runId: z.string().max(64).optional(),
      /** The same was asked before, and no answer came: the run may be there already. */
      again: z.boolean().default(false),
      /** A person's own run: gated calls pass without asking. Refused to agents. */
      autoApprove: z.boolean().default(false),
      waitMs: z.number().int().min(0).max(AWAIT_MS_MAX).default(0),
      ...Asked,
    }),
    output: RunOutcome,
    access: 'call',
    timeoutMs: 60_000,
    encoded: true,
  },
  ...runMethods,
  ...interactionMethods,
  ...upstreamMethods,
})
