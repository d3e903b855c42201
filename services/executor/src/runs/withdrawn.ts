import type { RunKind } from '@executor/contracts'
import { failureAnswer } from '../tools/tool.ts'

/** What a call comes to that nobody approved before its run was over; JSON text. */
export const WITHDRAWN = failureAnswer({
  code: 'approval_cancelled',
  message: 'The run ended before a person answered. Nothing was sent.',
}).json

/** What a cancelled run comes to where no worker has more to tell of it; JSON text. */
export function cancelledResult(kind: RunKind): string {
  const isExecution = kind === 'execution'
  const message = `The ${isExecution ? 'execution' : 'call'} was cancelled.`
  const trail = isExecution ? { emitted: [], logs: [] } : {}
  return JSON.stringify({ ok: false, error: { code: 'cancelled', message }, ...trail })
}
