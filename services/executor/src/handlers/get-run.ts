import type { Handler } from '@executor/bus'
import { type executor, isDeeperThan, JSON_LEVELS_MAX } from '@executor/contracts'
import type { ExecutorDeps } from '../deps.ts'
import { getOwnRun } from '../runs/runs.ts'
import { inOrder, stepOfInvocation, toInteraction, toStep, toSummary } from '../runs/translate.ts'

/** Bytes of a result that are shown with its run. */
const RESULT_BYTES_MAX = 256 * 1024
const INTERACTIONS_MAX = 1_000

export function getRun(deps: ExecutorDeps): Handler<typeof executor.getRun> {
  return async ({ id }, { principal }) => {
    const run = await getOwnRun(deps, principal, id)
    const [steps, interactions] = await Promise.all([
      run.kind === 'execution' ? deps.store.listShownSteps(id) : [],
      deps.store.listInteractions(run.tenant, { runId: id, limit: INTERACTIONS_MAX }),
    ])
    const resultBytes = run.result === null ? null : Buffer.byteLength(run.result)
    const result = run.result === null ? null : toShownResult(run.result)
    return {
      ...toSummary(run),
      code: run.code,
      arguments: run.arguments === null ? null : (JSON.parse(run.arguments) as unknown),
      result: result?.value ?? null,
      resultBytes,
      resultTruncated: result?.isTruncated ?? false,
      steps: run.kind === 'execution' ? steps.map(toStep) : [stepOfInvocation(run)],
      interactions: inOrder(interactions).map(toInteraction),
      traceId: run.traceId,
      activeMs: run.activeMs,
      attempt: run.attempt,
    }
  }
}

/** Too large to be shown, or too deep to travel: then it is read by itself, as the text it is. */
function toShownResult(json: string): { value: unknown; isTruncated: boolean } {
  const truncated = { value: null, isTruncated: true }
  if (Buffer.byteLength(json) > RESULT_BYTES_MAX) return truncated
  const value: unknown = JSON.parse(json)
  return isDeeperThan(value, JSON_LEVELS_MAX) ? truncated : { value, isTruncated: false }
}
