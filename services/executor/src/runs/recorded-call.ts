import type { ToolError } from '@executor/contracts'
import type { CallAnswer, SandboxCall, SettledCall } from '../sandbox/sandbox.ts'
import type { StepRow } from '../store/rows.ts'
import { PLAIN_TOOLS } from '../tools/sandbox.ts'

/** The script asks for something else than it did before under the same number. */
export class ReplayDiverged extends Error {
  override readonly name = 'ReplayDiverged'
}

/** Search and description answer data and throw; every other tool answers its envelope. */
export function toCallAnswer(
  path: string,
  { json, ok }: { json: string; ok: boolean },
): CallAnswer {
  if (!PLAIN_TOOLS.has(path)) return { json }
  const result = JSON.parse(json) as { data?: unknown; error?: ToolError }
  if (ok) return { json: JSON.stringify(result.data ?? null) }
  return { json: JSON.stringify({ message: result.error?.message ?? 'failed' }), throws: true }
}

export function toSettledCall(step: StepRow): SettledCall {
  return {
    index: step.position,
    path: step.address,
    digest: step.digest,
    settledAt: step.settledAt ?? step.startedAt,
    ...toCallAnswer(step.address, { json: step.result ?? 'null', ok: step.ok ?? true }),
  }
}

export function diverged(known: StepRow, call: SandboxCall): ReplayDiverged {
  return new ReplayDiverged(
    `Call ${call.index} was ${known.address} with other arguments when this run was first executed, ` +
      `and is ${call.path} now. A run is repeated from its journal only as long as it asks for the same.`,
  )
}
